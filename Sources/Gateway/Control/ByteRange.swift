import KubernetesWire
import NIOCore
import NIOHTTP1

/// A `Range` header over a body of known length (RFC 9110 §14).
enum ByteRange: Equatable {
    /// No range is asked for, or one that may be passed over: several at once, other units, an `If-Range`.
    case whole
    case part(Range<Int64>)
    case notSatisfiable

    static func read(_ headers: HTTPHeaders, length: Int64) -> ByteRange {
        let values = headers["range"]
        guard values.count == 1, !headers.contains(name: "if-range") else { return .whole }
        let parts = values[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return .whole }
        let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = number(bounds[0]), let last = number(bounds[1]) else { return .whole }
        switch (first, last) {
        case (let first?, let last?) where first > last: return .whole
        case (let first?, let last):
            guard first < length else { return .notSatisfiable }
            return .part(first..<min((last ?? .max - 1) + 1, length))
        case (nil, let count?):
            guard count > 0, length > 0 else { return .notSatisfiable }
            return .part(max(0, length - count)..<length)
        case (nil, nil): return .whole
        }
    }

    /// A number, nil for none; nothing where there are other characters.
    private static func number(_ text: Substring) -> Int64?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return .some(Int64(text) ?? .max - 1)
    }

    /// The answer with a body, or the part of it that is asked for; `content` gives the bytes of a range, piece by piece.
    static func response(
        to headers: HTTPHeaders, length: Int64,
        content: (Range<Int64>) async throws -> @Sendable () async throws -> ByteBuffer?
    ) async rethrows -> ControlResponse {
        var response: ControlResponse
        switch read(headers, length: length) {
        case .whole:
            response = .stream("application/octet-stream", try await content(0..<length))
            response.headers.add(name: "Content-Length", value: "\(length)")
        case .part(let range):
            response = .stream("application/octet-stream", try await content(range))
            response.status = .partialContent
            response.headers.add(name: "Content-Length", value: "\(range.count)")
            response.headers.add(
                name: "Content-Range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)")
        case .notSatisfiable:
            response = .status(
                Status(.rangeNotSatisfiable, "byline: the body has \(length) bytes; ask for some of them"))
            response.headers.add(name: "Content-Range", value: "bytes */\(length)")
        }
        response.headers.add(name: "Accept-Ranges", value: "bytes")
        return response
    }
}
