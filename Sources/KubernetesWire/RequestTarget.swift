import Vocabulary

/// Why a request's target is refused. Nothing is normalised: what policy judges must be, byte for byte, what is
/// forwarded.
public enum TargetFault: Error, Hashable, Sendable {
    /// `GET https://elsewhere/… HTTP/1.1`, `CONNECT`'s authority form, `*`.
    case notOriginForm
    case dotSegment
    case emptySegment
    /// `%2F`, `%2E` and every other percent-encoding in the part of the path that names the resource.
    case encodedSegment
    case controlCharacter
    case fragment
    /// A list's query that two readers could take for two different questions: a field twice, or a raw `;`.
    case ambiguousQuery
}

/// A request's target in origin form, `/path?query`, checked and taken apart without changing a byte.
public struct RequestTarget: Hashable, Sendable {
    /// The path as it came, without the query.
    public let path: String
    /// The query as it came, without `?`; nil where there is none.
    public let query: String?

    public init(_ target: String) throws(TargetFault) {
        guard target.utf8.first == UInt8(ascii: "/") else { throw .notOriginForm }
        for byte in target.utf8 {
            guard byte > 0x20, byte != 0x7F else { throw .controlCharacter }
            guard byte != UInt8(ascii: "#") else { throw .fragment }
        }
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(target[..<mark])
            query = String(target[target.utf8.index(after: mark)...])
        } else {
            path = target
            query = nil
        }
    }

    private init(path: String, query: String?) {
        self.path = path
        self.query = query
    }

    /// The target as it came.
    public var text: String { query.map { "\(path)?\($0)" } ?? path }

    /// The cluster's name and the target behind it, of a path `/clusters/NAME/…`; nil for any other path. The rest of
    /// `/clusters/NAME` itself is `/`.
    public var inCluster: (cluster: Substring, target: RequestTarget)? {
        let prefix = "/clusters/"
        guard path.hasPrefix(prefix) else { return nil }
        let rest = path.dropFirst(prefix.count)
        let name = rest.prefix { $0 != "/" }
        let tail = rest.dropFirst(name.count)
        return (name, RequestTarget(path: tail.isEmpty ? "/" : String(tail), query: query))
    }

    /// The path's segments between the slashes, the leading one left away: `/api/v1/` is `["api", "v1", ""]`.
    ///
    /// - Throws: `TargetFault` for dots, doubled slashes and percent-encodings before the tail of a proxy subresource. The tail
    ///   belongs to the proxied server and passes as it is; but dots in it, be they encoded, are refused: the API server
    ///   resolves them, and so may whatever stands before it.
    func checkedSegments() throws(TargetFault) -> [Substring] {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let judged = Self.judgedCount(of: segments)
        for (index, segment) in segments.prefix(judged).enumerated() {
            let isLast = index == segments.count - 1
            if segment.isEmpty, !isLast { throw .emptySegment }
            if segment == "." || segment == ".." { throw .dotSegment }
            if segment.utf8.contains(UInt8(ascii: "%")) { throw .encodedSegment }
        }
        if judged < segments.count { try Self.check(segments[judged...]) }
        return segments
    }

    private static func check(_ tail: ArraySlice<Substring>) throws(TargetFault) {
        for segment in tail {
            guard let plain = PercentEncoding.decode(segment) else { throw .encodedSegment }
            for part in plain.split(separator: "/") where part == "." || part == ".." { throw .dotSegment }
        }
    }

    /// How many segments name the resource: all of them, unless a proxy subresource has a tail.
    private static func judgedCount(of segments: [Substring]) -> Int {
        guard segments.count > 2, segments[0] == "api" else { return segments.count }
        var rest = segments.dropFirst(2)
        if rest.first == "namespaces", rest.count > 3 { rest = rest.dropFirst(2) }
        guard rest.count > 2 else { return segments.count }
        let resource = rest[rest.startIndex]
        let subresource = rest[rest.startIndex + 2]
        guard subresource == "proxy", ["pods", "services", "nodes"].contains(resource) else { return segments.count }
        return rest.startIndex + 3
    }
}
