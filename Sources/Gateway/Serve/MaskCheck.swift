import KubernetesWire
import LocalState
import Masking
import NIOCore
public import Vocabulary
import YAMLReading

/// What the masking rules would take for a secret in a file: manifests in YAML or JSON, or any other text.
public struct MaskCheck: Sendable {
    /// One secret: where it stands, and by which rule. The value itself is not told.
    public struct Line: Hashable, Sendable {
        public let line: Int
        public let column: Int
        public let rule: String
    }

    public let lines: [Line]

    /// Reads a file and masks it as an answer of the cluster would be.
    init(_ path: String, _ configuration: MaskingConfiguration) throws(FileFault) {
        let bytes = try PrivateFile.readShared(path)
        let keys = (try? MaskKeys(file: MaskKeys.generateFile()))
        lines = keys.map { Self.lines(bytes, MaskingPolicy(configuration, keys: $0)) } ?? []
    }

    public var json: JSON {
        .array(lines.map { ["column": .integer($0.column), "line": .integer($0.line), "rule": .string($0.rule)] })
    }

    private static func lines(_ bytes: [UInt8], _ policy: MaskingPolicy) -> [Line] {
        var found: [Line] = []
        var first = 0
        for document in documents(bytes) {
            found += lines(of: document, policy).map {
                Line(line: $0.line + first, column: $0.column, rule: $0.rule)
            }
            first += document.count { $0 == UInt8(ascii: "\n") }
        }
        return found
    }

    /// The documents of a YAML stream, each with the line that begins it.
    static func documents(_ bytes: [UInt8]) -> [[UInt8]] {
        var documents: [[UInt8]] = [[]]
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: "---".utf8) { documents.append([]) }
            documents[documents.count - 1] += line + [UInt8(ascii: "\n")]
        }
        return documents
    }

    private static func lines(of document: [UInt8], _ policy: MaskingPolicy) -> [Line] {
        guard let node = try? YAMLNode.read(document), node.entries != nil || node.elements != nil else {
            return textLines(document, policy)
        }
        var spelling = PlacedJSON()
        spelling.append(node)
        let plan = policy.plan(for: request(node), cluster: "", session: "")
        return maskings(spelling.bytes, plan, contentType: "application/json").compactMap { masking in
            spelling.place(at: masking.place).map { Line(line: $0.line, column: $0.column, rule: masking.rule) }
        }
    }

    private static func textLines(_ text: [UInt8], _ policy: MaskingPolicy) -> [Line] {
        let request = RequestInfo(isResourceRequest: true, verb: "get", path: "", resource: "pods", subresource: "log")
        return maskings(text, policy.plan(for: request, cluster: "", session: ""), contentType: "text/plain").map {
            masking in
            let before = text[..<masking.place]
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            return Line(
                line: before.count { $0 == UInt8(ascii: "\n") } + 1,
                column: String(decoding: text[start..<masking.place], as: UTF8.self).unicodeScalars.count + 1,
                rule: masking.rule)
        }
    }

    /// A reading of the object: its kind's resource, as most kinds have it.
    private static func request(_ node: YAMLNode) -> RequestInfo {
        let kind = (node["kind"]?.text ?? "").lowercased()
        let group = (node["apiVersion"]?.text ?? "").split(separator: "/", omittingEmptySubsequences: false)
        let resource = kind.hasSuffix("s") ? kind + "es" : kind.hasSuffix("y") ? kind.dropLast() + "ies" : kind + "s"
        return RequestInfo(
            isResourceRequest: true, verb: "get", path: "", apiGroup: group.count == 2 ? String(group[0]) : "",
            resource: resource, namespace: node["metadata"]?["namespace"]?.text ?? "")
    }

    /// The rules that masked something, and where in the text it stood.
    private static func maskings(
        _ text: [UInt8], _ plan: MaskingPlan, contentType: String
    ) -> [(rule: String, place: Int)] {
        var found: [MaskedSecret] = []
        do throws(MaskingFault) {
            var masker = try plan.responseMasker(contentType: contentType, contentEncoding: nil)
            found += try masker.consume(ByteBuffer(bytes: text)).maskings
            found += try masker.finish().maskings
        } catch { return [] }
        var shift = 0
        return found.map { masking in
            let place = Int(masking.offset) + shift
            shift += (masking.original?.count ?? 0) - Int(masking.length)
            return (masking.rule, place)
        }
    }
}

/// A YAML document as JSON, and where in the document each scalar stands.
private struct PlacedJSON {
    private(set) var bytes: [UInt8] = []
    private var places: [(offset: Int, place: YAMLPlace)] = []

    mutating func append(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let text, _):
            places.append((bytes.count, node.place))
            bytes += JSON.string(text).canonicalBytes
        case .sequence(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .mapping(let entries):
            bytes.append(UInt8(ascii: "{"))
            for (index, entry) in entries.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += JSON.string(entry.key).canonicalBytes + [UInt8(ascii: ":")]
                append(entry.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    func place(at offset: Int) -> YAMLPlace? { places.last { $0.offset <= offset }?.place }
}
