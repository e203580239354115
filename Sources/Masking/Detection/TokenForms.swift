/// Secrets with a grammar of their own.
enum TokenForms {
    /// `eyJ….….…` and JWE's five parts.
    static func jwt(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        if place > 0, ByteClass.base64url.contains(bytes[place - 1]) { return nil }
        var end = place
        var parts = 0
        while parts < 5 {
            let length = ByteClass.base64url.run(in: bytes, from: end)
            guard length >= (parts < 2 ? 8 : 1) || (parts == 1 && length == 0) else { break }
            end += length
            parts += 1
            guard end < bytes.count, bytes[end] == UInt8(ascii: "."), parts < 5 else { break }
            end += 1
        }
        guard parts >= 3 else { return nil }
        if bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return end - place >= 40 ? place..<end : nil
    }

    /// From a `://`, the password of the userinfo behind it (RFC 3986 §3.2.1).
    static func urlPassword(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        guard place > 0, bytes[place - 1].isAlphanumeric else { return nil }
        let start = place + 3
        var colon: Int?
        var at: Int?
        var end = start
        scan: while end < bytes.count, end - start < 1_024 {
            switch bytes[end] {
            case 0...0x20, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""),
                UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: ","):
                break scan
            case UInt8(ascii: ":") where colon == nil: colon = end
            case UInt8(ascii: "@"): at = end
            default: break
            }
            end += 1
        }
        guard let at else { return nil }
        guard let colon, colon < at else {
            // https://TOKEN@host, as git remotes have it.
            return at - start >= 20 && Entropy.isHigh(bytes[start..<at]) ? start..<at : nil
        }
        let password = colon + 1..<at
        guard !password.isEmpty, !PlausibleSecret.isReference(bytes[password]) else { return nil }
        return password
    }
}
