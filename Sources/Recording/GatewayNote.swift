/// Something that happened to the record itself, for the journal.
public struct GatewayNote: Sendable {
    let event: GatewayEvent
    let facts: [(String, String)]

    /// The sealed originals of an exchange were read, by the auditor of that name.
    public static func sealedOriginalsRead(exchange: String, reader: String) -> GatewayNote {
        GatewayNote(event: .sealedOriginalsRead, facts: [("exchange", exchange), ("reader", reader)])
    }
}
