/// Something about the record itself that the journal keeps: an event's name, and facts whose names sort between "event"
/// and "time".
public struct GatewayNote: Sendable {
    public let event: String
    public let facts: [(String, String)]

    public init(event: String, facts: [(String, String)]) {
        self.event = event
        self.facts = facts
    }
}
