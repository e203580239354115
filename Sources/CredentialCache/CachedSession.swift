public import Vocabulary

/// What a session token is kept for: a gateway, an account, and a byline as baggage.
public struct SessionKey: Hashable, Sendable {
    let gateway: String
    let account: String
    let byline: String

    /// Line by line, as it stands in the file and as the file is named.
    var text: String { "\(gateway)\n\(account)\n\(byline)\n" }
}

/// A session token as it is kept: five lines after a mark, so that it can be read without a parser.
public struct CachedSession: Hashable, Sendable {
    static let mark = "byline-session/1"

    public let token: String
    /// Until when it is given out: shortly before its own end.
    public let expiration: Timestamp

    public init(token: String, expiration: Timestamp) {
        self.token = token
        self.expiration = expiration
    }

    /// Reads a file; nil where it is none, or another key's.
    init?(parsing bytes: [UInt8], for key: SessionKey) {
        let head = Array("\(Self.mark)\n\(key.text)".utf8)
        guard bytes.starts(with: head) else { return nil }
        let lines = bytes[head.count...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty, !lines[1].isEmpty,
            let expiration = Timestamp(rfc3339: String(decoding: lines[0], as: UTF8.self))
        else { return nil }
        self.init(token: String(decoding: lines[1], as: UTF8.self), expiration: expiration)
    }

    func text(for key: SessionKey) -> String {
        "\(Self.mark)\n\(key.text)\(expiration.rfc3339(fractionDigits: 0))\n\(token)\n"
    }
}
