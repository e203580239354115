public import KubernetesWire
public import NIOCore

/// What happens to an exchange's bodies on their way into the record and to the caller.
public enum BodyRule: Hashable, Sendable {
    /// Recorded and delivered as they are.
    case keep
    /// Delivered, but left out of the record, which then says how many bytes it lacks: bodies that are secrets through
    /// and through must not lie on disk in clear.
    case leaveOut

    /// The rule for a request.
    public init(for request: RequestInfo) {
        switch (request.resource, request.subresource) {
        case ("secrets", _), (_, "token"), ("tokenreviews", _), ("tokenrequests", _): self = .leaveOut
        default: self = .keep
        }
    }

    /// The bytes to record; nil where they are left out.
    public func recorded(_ bytes: ByteBuffer) -> Masked? {
        switch self {
        case .keep: Masked(bytes)
        case .leaveOut: nil
        }
    }
}
