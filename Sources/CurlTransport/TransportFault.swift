/// Why a request did not get its answer.
public enum TransportFault: Error, Hashable, Sendable {
    /// No connection: the name, the port, the network. libcurl's words.
    case unreachable(String)
    /// The server's certificate is not trusted.
    case untrusted(String)
    /// The connection broke off before the answer's end.
    case broken(String)
    /// The answer is longer than the caller wanted to hold.
    case tooLarge(limit: Int)
    case timedOut
    case cancelled
    /// The URL, a proxy setting or an option that libcurl does not take.
    case badRequest(String)
}

extension TransportFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let words), .untrusted(let words), .broken(let words), .badRequest(let words): words
        case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .timedOut: "no answer came in time"
        case .cancelled: "cancelled"
        }
    }
}
