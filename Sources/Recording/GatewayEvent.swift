/// What a `gateway` frame tells of the gateway itself.
enum GatewayEvent: String {
    /// A run begins; what the run before left open is closed behind this.
    case started
    case stopped
    /// For some time the disk took nothing, and requests were refused.
    case gap
    /// The segment before was given up: after a failed sync nobody knows what the disk took of it.
    case abandoned
    /// An auditor read what was masked in an exchange.
    case sealedOriginalsRead
}
