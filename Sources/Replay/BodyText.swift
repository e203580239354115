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

    static func indented(_ json: JSON) -> String {
        var text = ""
        write(json, indent: "\n", to: &text)
        return text
    }

    /// Writes a value; `indent` is a line's end and what the next line of the value begins with.
    private static func write(_ json: JSON, indent: String, to text: inout String) {
        let deeper = indent + "  "
        var separator = deeper
        switch json {
        case .array(let elements) where !elements.isEmpty:
            text += "["
            for element in elements {
                text += separator
                write(element, indent: deeper, to: &text)
                separator = "," + deeper
            }
            text += indent + "]"
        case .object(let members) where !members.isEmpty:
            text += "{"
            for member in members {
                text += separator + scalar(.string(member.name)) + ": "
                write(member.value, indent: deeper, to: &text)
                separator = "," + deeper
            }
            text += indent + "}"
        default: text += scalar(json)
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
