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

    /// From a `://`, the password of the userinfo behind it (RFC 3986 §3.2.1), up to the last `@`: people do not escape what is
    /// in a password.
    static func urlPassword(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        guard bytes[place] == UInt8(ascii: ":") else { return thinPassword(bytes, place) }
        guard place > 0, bytes[place - 1].isAlphanumeric else { return nil }
        let start = place + 3
        let end = tokenEnd(bytes, start)
        let authority = bytes[start..<end].prefix { !"/?#".utf8.contains($0) }
        guard var at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return nil }
        guard let colon = authority.firstIndex(of: UInt8(ascii: ":")) else {
            // https://TOKEN@host, as git remotes have it.
            guard let at = authority.firstIndex(of: UInt8(ascii: "@")) else { return nil }
            return at - start >= 20 && Entropy.isHigh(bytes[start..<at]) ? start..<at : nil
        }
        if let first = authority.firstIndex(of: UInt8(ascii: "@")) {
            guard colon < first else { return nil }
            // A query's value may hold one too.
            if let query = queryStart(bytes, first, at) {
                at = bytes[start..<query].lastIndex(of: UInt8(ascii: "@")) ?? at
            }
        } else {
            // A port, or an address in brackets, and a path.
            let behind = bytes[(colon + 1)..<authority.endIndex]
            guard !behind.isEmpty, !behind.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ",") }),
                bytes[start] != UInt8(ascii: "[")
            else { return nil }
        }
        let password = colon + 1..<at
        guard !password.isEmpty, !isPlaceholder(bytes[password]) else { return nil }
        return password
    }

    /// Oracle's `jdbc:oracle:thin:user/password@host`.
    private static func thinPassword(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        let start = place + "oracle:thin:".utf8.count
        let end = tokenEnd(bytes, start)
        guard let slash = bytes[start..<end].firstIndex(of: UInt8(ascii: "/")), slash > start,
            let at = bytes[slash..<end].lastIndex(of: UInt8(ascii: "@")), slash + 1 < at,
            bytes[start] != UInt8(ascii: "@"),
            !isPlaceholder(bytes[(slash + 1)..<at])
        else { return nil }
        return slash + 1..<at
    }

    /// A password in a URL may begin as a path does.
    private static func isPlaceholder(_ password: Slice<UnsafeRawBufferPointer>) -> Bool {
        password.first != UInt8(ascii: "/") && PlausibleSecret.isReference(password)
    }

    private static func queryStart(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int? {
        bytes[start..<end].indices.first { place in
            guard bytes[place] == UInt8(ascii: "?") else { return false }
            let name = bytes[(place + 1)..<end].prefix(while: \.isNameByte)
            return !name.isEmpty && name.endIndex < end && bytes[name.endIndex] == UInt8(ascii: "=")
        }
    }

    /// Where a URL in a text ends: at a blank, a quote or a bracket, and before another of a list.
    private static func tokenEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 1_024 {
            switch bytes[end] {
            case 0...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "'"),
                UInt8(ascii: "`"):
                return end
            case UInt8(ascii: ","):
                if end + 1 == bytes.count || bytes[end + 1].isSpace || bytes[start..<end].contains(UInt8(ascii: "@")) {
                    return end
                }
            case UInt8(ascii: ":") where bytes[end...].starts(with: "://".utf8):
                // Another URL: its scheme is none of this one.
                return bytes[start..<end].lastIndex { !$0.isLetter }.map { $0 } ?? end
            default: break
            }
            end += 1
        }
        return end
    }
}
