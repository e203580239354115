import KubernetesWire
import Vocabulary

/// A recorded body for a person: JSON indented, lines of JSON one by one, Kubernetes' own binary forms as JSON, other text as
/// it is, anything else in hexadecimal.
public enum BodyText {
    /// How many bytes are shown in hexadecimal before the rest is only counted.
    private static let hexadecimalLimit = 512

    public static func render(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "" }
        if let json = try? JSON(parsing: bytes) { return indented(json) + "\n" }
        if let objects = objects(bytes) { return objects.map { indented($0) + "\n" }.joined() }
        guard let text = String(validating: bytes, as: UTF8.self), !looksBinary(bytes) else {
            return hexadecimal(bytes)
        }
        let lines = text.split(separator: "\n")
        let events = lines.compactMap { try? JSON(parsing: String($0)) }
        if events.count == lines.count { return events.map { indented($0) + "\n" }.joined() }
        let shown = TerminalText.safe(text, multiline: true)
        return shown.hasSuffix("\n") ? shown : shown + "\n"
    }

    /// Objects in Protocol Buffers or CBOR, alone or of a watch.
    private static func objects(_ bytes: [UInt8]) -> [JSON]? {
        if let object = ProtobufObject(bytes) { return [object.json] }
        return CBORText.objects(bytes) ?? (bytes.first == 0 ? ProtobufObject.watchEvents(bytes) : nil)
    }

    private static func looksBinary(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(4_096).contains { $0 < 0x09 || ($0 > 0x0D && $0 < 0x1B) }
    }

    static func indented(_ json: JSON, indent: String = "") -> String {
        let deeper = indent + "  "
        switch json {
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { deeper + indented($0, indent: deeper) }.joined(separator: ",\n")
                + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { member in
                "\(deeper)\(scalar(.string(member.name))): \(indented(member.value, indent: deeper))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return scalar(json)
        }
    }

    /// Canonical JSON escapes C0 itself; what else a terminal would obey is escaped here.
    private static func scalar(_ json: JSON) -> String {
        if case .number(let literal) = json { return literal }
        return TerminalText.safe(json.canonicalText)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: min(bytes.count, hexadecimalLimit), by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count, hexadecimalLimit)]
            let digits = row.map { HexDigits.lower([$0]) }.joined(separator: " ")
            let offset = String(start, radix: 16)
            let letters = String(
                decoding: row.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
            text += String(repeating: "0", count: max(0, 8 - offset.count)) + offset + "  " + digits
            text += String(repeating: " ", count: 49 - digits.count) + letters + "\n"
        }
        if bytes.count > hexadecimalLimit { text += "… \(bytes.count - hexadecimalLimit) more bytes\n" }
        return text
    }
}
