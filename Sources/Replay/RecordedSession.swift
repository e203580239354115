public import Vocabulary

/// A session as the gateway's API tells it (`GET /byline/v1/sessions`).
public struct RecordedSession: Sendable {
    public let id: String
    public let username: String
    public let groups: [String]
    public let issuer: String
    public let byline: RecordedByline
    public let clusters: [String]
    public let first: Timestamp?
    public let last: Timestamp?
    public let exchanges: Int
    public let denied: Int
    public let failed: Int
    public let unknown: Int

    /// Returns nil where the JSON is no session.
    public init?(_ json: JSON) {
        guard let id = json["session"]?.string else { return nil }
        self.id = id
        username = json["identity"]?["username"]?.string ?? ""
        groups = json["identity"]?["groups"]?.strings ?? []
        issuer = json["identity"]?["issuer"]?.string ?? ""
        byline = RecordedByline(json["byline"])
        clusters = json["clusters"]?.strings ?? []
        first = json["firstTime"]?.string.flatMap(Timestamp.init(rfc3339:))
        last = json["lastTime"]?.string.flatMap(Timestamp.init(rfc3339:))
        exchanges = json["exchanges"]?.integer ?? 0
        denied = json["denied"]?.integer ?? 0
        failed = json["failed"]?.integer ?? 0
        unknown = json["unknown"]?.integer ?? 0
    }
}

/// A byline as the record tells it: each field's value and whether it was asserted or attested.
public struct RecordedByline: Hashable, Sendable {
    private var claims: [Byline.Field: Byline.Claim] = [:]

    public init(_ json: JSON?) {
        for member in json?.members ?? [] {
            guard let field = Byline.Field(rawValue: member.name), let value = member.value["value"]?.string else {
                continue
            }
            let trust = member.value["trust"]?.string.flatMap(Byline.Trust.init(rawValue:)) ?? .asserted
            claims[field] = Byline.Claim(value, trust)
        }
    }

    public subscript(field: Byline.Field) -> Byline.Claim? { claims[field] }

    /// The field's value for a person: safe for a terminal, `-` where nobody claimed it.
    func text(_ field: Byline.Field) -> String { claims[field].map { TerminalText.safe($0.value) } ?? "-" }
}
