import KubernetesWire
public import NIOCore
import Vocabulary
import YAMLReading

/// Masks a request's body, for the record, once all of it is there: YAML, Kubernetes' Protocol Buffers and CBOR, and what calls
/// itself something else. What is spelled in YAML or JSON stays as it is spelled but for the masks; what is binary is said in
/// JSON where something in it is masked.
public struct WholeBody {
    /// The longest body that is judged so, in bytes: an API server takes no more.
    public static let longest = 3 << 20

    private let rules: MaskingRules
    private let binding: MaskBinding
    /// For a JSON patch.
    private let patch: FieldTree?
    private let isCBOR: Bool
    private var body = ByteBuffer()

    init(_ rules: MaskingRules, _ binding: MaskBinding, patch: FieldTree? = nil, isCBOR: Bool = false) {
        self.rules = rules
        self.binding = binding
        self.patch = patch
        self.isCBOR = isCBOR
    }

    mutating func consume(_ bytes: ByteBuffer) throws(MaskingFault) -> MaskedPiece {
        guard body.readableBytes + bytes.readableBytes <= Self.longest else { throw .tooLong(offset: Self.longest) }
        body.writeImmutableBuffer(bytes)
        return MaskedPiece()
    }

    mutating func finish() throws(MaskingFault) -> MaskedPiece {
        let whole = body
        body = ByteBuffer()
        guard whole.readableBytes > 0 else { return MaskedPiece() }
        if let patch { return try maskedPatch(whole, patch) }
        let bytes = Array(whole.readableBytesView)
        if let object = ProtobufObject(bytes) {
            guard rules.isPlain || object.isKnown else { throw .unreadable }
            return try said([object.json], whole)
        }
        if isCBOR || CBORText.begins(bytes) {
            guard let objects = CBORText.whole(bytes) else { throw .unreadable }
            return try said(objects, whole)
        }
        let first = bytes.first { !$0.isSpace }
        let looksLikeJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        if looksLikeJSON, let piece = try? json(whole, rules) { return piece }
        if let spelling = YAMLSpelling(bytes) { return try yaml(spelling, whole) }
        guard rules.isPlain, !looksLikeJSON else { throw .unreadable }
        var masker = TextMasker(rules.detectors, binding)
        return Self.joined([masker.consume(whole), masker.finish()], whole)
    }

    private func maskedPatch(_ whole: ByteBuffer, _ fields: FieldTree) throws(MaskingFault) -> MaskedPiece {
        guard let patch = try? JSONPatch(Array(whole.readableBytesView)) else { throw .unreadable }
        // Where the path says that a value is secret, none of the patch is shown.
        guard !rules.isPlain || patch.hidesValues(rules) else { return try json(whole, rules) }
        return try json(whole, MaskingRules(fields: fields, detectors: rules.detectors, keys: rules.keys))
    }

    private func json(_ whole: ByteBuffer, _ rules: MaskingRules) throws(MaskingFault) -> MaskedPiece {
        var masker = JSONMasker(rules, binding)
        return Self.joined([try masker.consume(whole), try masker.finish()], whole)
    }

    /// The objects in JSON where something in them is masked, else the bytes as they came.
    private func said(_ objects: [JSON], _ whole: ByteBuffer) throws(MaskingFault) -> MaskedPiece {
        let text = objects.flatMap { $0.canonicalBytes + [UInt8(ascii: "\n")] }
        let piece = try json(ByteBuffer(bytes: text), rules)
        return piece.isUnchanged ? MaskedPiece(unchanged: whole) : piece.of(whole)
    }

    private func yaml(_ spelling: YAMLSpelling, _ whole: ByteBuffer) throws(MaskingFault) -> MaskedPiece {
        var scanner = JSONScanner(rules, binding)
        let scanned = spelling.json.withUnsafeBytes { text -> [Edit]? in
            guard (try? scanner.scan(text, isEnd: true)) == text.count, scanner.isAtRest else { return nil }
            return scanner.edits
        }
        guard let scanned else { throw .unreadable }
        return whole.withUnsafeReadableBytes { bytes in
            var edits: [Edit] = []
            for edit in scanned {
                guard let masks = edit.masks,
                    let scalar = spelling.scalars.last(where: { $0.json.lowerBound <= edit.range.lowerBound })
                else { continue }
                let range = Self.trimmed(scalar.source, bytes)
                guard !edits.contains(where: { $0.range.overlaps(range) }) else { continue }
                edits.append(
                    Edit(
                        range: range, masks: masks, spelling: edit.spelling, rule: edit.rule,
                        quote: [UInt8(ascii: "\"")],
                        original: Array(bytes[range])))
            }
            // Comments may say secrets too.
            for finding in rules.detectors.findings(in: bytes)
            where !edits.contains(where: { $0.range.overlaps(finding.range) }) {
                let secret = UnsafeRawBufferPointer(rebasing: bytes[finding.range])
                edits.append(
                    Edit(
                        range: finding.range, masks: binding.masks(of: secret), spelling: .plain, rule: finding.rule,
                        original: Array(secret)))
            }
            edits.sort { $0.range.lowerBound < $1.range.lowerBound }
            var assembly = Assembly()
            return assembly.apply(edits, to: whole)
        }
    }

    /// Without the line ends behind a block scalar.
    private static func trimmed(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        var range = range.clamped(to: 0..<bytes.count)
        while let last = range.last, bytes[last].isSpace { range = range.dropLast() }
        return range
    }

    private static func joined(_ pieces: [MaskedPiece], _ whole: ByteBuffer) -> MaskedPiece {
        guard pieces.contains(where: { !$0.isUnchanged }) else { return MaskedPiece(unchanged: whole) }
        var (delivered, recorded) = (ByteBuffer(), ByteBuffer())
        for piece in pieces {
            delivered.writeImmutableBuffer(piece.delivered.bytes)
            recorded.writeImmutableBuffer(piece.recorded.bytes)
        }
        return MaskedPiece(
            delivered: delivered, recorded: recorded, received: whole, maskings: pieces.flatMap(\.maskings))
    }
}

extension MaskedPiece {
    /// The same, made of other bytes.
    fileprivate func of(_ bytes: ByteBuffer) -> MaskedPiece {
        MaskedPiece(delivered: delivered.bytes, recorded: recorded.bytes, received: bytes, maskings: maskings)
    }
}
