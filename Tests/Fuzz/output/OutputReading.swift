import FuzzSupport
import KubernetesWire
import Vocabulary

/// Reads what the caller gets, on its own, and holds it to the rules of its protocol.
enum OutputReading {
    static func read(_ bytes: [UInt8], _ setting: Setting) -> [OutputToken] {
        var rest = bytes[...]
        var tokens: [OutputToken] = []
        var isInMessage = false
        while !rest.isEmpty {
            tokens.append(
                setting.isSPDY ? frame(&rest) : message(&rest, setting.layout?.isBase64 == true, &isInMessage))
        }
        Property.hold(!isInMessage, "a message does not end")
        return OutputToken.joined(tokens)
    }

    private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        Property.hold(rest.count >= count, "a frame does not end")
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private static func frame(_ rest: inout ArraySlice<UInt8>) -> OutputToken {
        let head = take(8, &rest)
        let body = take(number(head.suffix(3)), &rest)
        let (stream, flags) = (number(head.prefix(4)), head[head.startIndex + 4])
        guard stream == 5 || stream == 7, !body.isEmpty else {
            if head.first == 0x80 { Property.hold(head[head.startIndex + 1] == 3, "no frame of SPDY/3") }
            return .framing(Array(head + body))
        }
        Property.hold(flags == 0, "output ends its stream")
        return .output(stream == 5 ? 1 : 2, Array(body))
    }

    private static func message(
        _ rest: inout ArraySlice<UInt8>, _ isBase64: Bool, _ isInMessage: inout Bool
    ) -> OutputToken {
        let whole = rest
        let head = take(2, &rest)
        let (first, second) = (head[head.startIndex], head[head.startIndex + 1])
        Property.hold(first & 0x70 == 0 && second & 0x80 == 0, "no frame of a server")
        let length = second == 126 ? number(take(2, &rest)) : second == 127 ? number(take(8, &rest)) : Int(second)
        let body = take(length, &rest)
        let (opcode, isFinal) = (first & 15, first & 0x80 != 0)
        let framing = OutputToken.framing(Array(whole[..<rest.startIndex]))
        if opcode >= 8 { return framing }
        Property.hold((opcode == 0) == isInMessage, "a message inside a message")
        isInMessage = !isFinal
        let channel = (body.first ?? 0) &- (isBase64 ? UInt8(ascii: "0") : 0)
        guard opcode > 0, channel == 1 || channel == 2, body.count > 1 else { return framing }
        Property.hold(isFinal, "output is in pieces")
        let payload =
            isBase64 ? Base64.decode(String(decoding: body.dropFirst(), as: UTF8.self)) : Array(body.dropFirst())
        Property.hold(payload != nil, "output is no base64")
        return .output(channel, payload ?? [])
    }
}
