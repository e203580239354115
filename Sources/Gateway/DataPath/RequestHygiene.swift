import NIOHTTP1

/// What a request's head must not hold, because two readers could take it in two ways. What HTTP's own parser refuses,
/// both lengths at once, bare line ends, folded lines, does not come this far.
enum RequestHygiene {
    /// Returns why the head is refused; nil for a clean one.
    static func refusal(of head: HTTPRequestHead, isHTTP2: Bool, limits: GatewayConfiguration.Limits) -> Refusal? {
        switch head.method {
        case .CONNECT, .TRACE: return .method(head.method.rawValue)
        case .RAW: return .method(head.method.rawValue)
        default: break
        }
        if !isHTTP2, head.version != .http1_1, head.version != .http1_0 {
            return .malformedRequest("HTTP/\(head.version.major).\(head.version.minor) is not spoken here")
        }
        var hosts = 0
        var lengths = 0
        var encodings = 0
        var types = 0
        var size = head.uri.utf8.count
        for (name, value) in head.headers {
            size += name.utf8.count + value.utf8.count + 4
            switch name.utf8.count {
            case 4 where name.isSame(as: "host"):
                hosts += 1
                if !isHost(value) { return .malformedRequest("the Host header names no host") }
            case 12 where name.isSame(as: "content-type"): types += 1
            case 14 where name.isSame(as: "content-length"):
                lengths += 1
                guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(value) else {
                    return .malformedRequest("Content-Length is no number")
                }
                if length > limits.bodyBytes { return .tooLarge(limits.bodyBytes) }
            case 17 where name.isSame(as: "transfer-encoding"):
                encodings += 1
                if !value.isSame(as: "chunked") { return .malformedRequest("a Transfer-Encoding other than chunked") }
            default: break
            }
            if isHTTP2, value.utf8.first == 0x20 || value.utf8.last == 0x20 {
                return .malformedRequest("a header's value begins or ends with a space")
            }
            // What a server behind may take for the header itself: client_ip for Client-IP, as CGI has it.
            if name.utf8.contains(UInt8(ascii: "_")), isSpoof(name) {
                return .malformedRequest("a header's name holds an underscore where a hyphen is meant")
            }
        }
        if size > limits.headerBytes { return .headersTooLarge(limits.headerBytes) }
        if hosts > 1 { return .malformedRequest("more than one Host header") }
        if types > 1 { return .malformedRequest("more than one Content-Type header") }
        if hosts == 0, !isHTTP2, head.version == .http1_1 { return .malformedRequest("no Host header") }
        if encodings > 1 || (encodings > 0 && lengths > 0) || lengths > 1 {
            return .malformedRequest("more than one way to tell the body's length")
        }
        if encodings > 0, head.version == .http1_0 { return .malformedRequest("Transfer-Encoding in HTTP/1.0") }
        return nil
    }

    /// `name`, `address` or `[address]`, and perhaps a port (RFC 9110 §7.2).
    private static func isHost(_ value: String) -> Bool {
        var rest = value.utf8[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            rest = rest.drop { $0 != UInt8(ascii: ":") }
            let name = value.utf8.prefix(value.utf8.count - rest.count)
            guard !name.isEmpty, name.allSatisfy(isNameByte) else { return false }
        }
        guard let colon = rest.first else { return true }
        return colon == UInt8(ascii: ":") && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~".utf8.contains(byte)
        }
    }

    private static func isSpoof(_ name: String) -> Bool {
        let plain = String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
        return ["impersonate-", "x-remote-", "x-forwarded-"].contains { plain.lowercased().hasPrefix($0) }
    }
}

extension String {
    /// Compares header names and tokens: ASCII letters without their case, without making a new string.
    func isSame(as lower: StaticString) -> Bool {
        guard utf8.count == lower.utf8CodeUnitCount else { return false }
        var index = 0
        for byte in utf8 {
            let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard folded == lower.utf8Start[index] else { return false }
            index += 1
        }
        return true
    }
}
