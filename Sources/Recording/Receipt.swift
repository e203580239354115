public import Authorization
public import Vocabulary

/// Proof that an exchange's opening is recorded: durable on disk where the exchange can change something. It can be
/// spent once, by forwarding; only the recorder makes one.
public struct Receipt: ~Copyable, Sendable {
    public let exchange: ExchangeID
    public let permit: Permit

    init(exchange: ExchangeID, permit: Permit) {
        self.exchange = exchange
        self.permit = permit
    }
}

/// The recorder's answer to an opening.
public enum Opened: ~Copyable, Sendable {
    case receipt(Receipt)
    /// Nothing may be forwarded. The record of the exchange is closed by the recorder itself.
    case refused(RecordingFault)
}
