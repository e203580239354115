public import KubernetesWire
public import Masking
public import Vocabulary

/// What is known of a request when it begins, beyond who asks and what policy said.
public struct Opening: Sendable {
    public let exchange: ExchangeID
    /// kubectl's own id of its run; the caller's word.
    public let invocation: String?
    public let method: String
    public let target: MaskedText
    public let headers: [(String, MaskedText)]
    public let sourceAddress: String
    public let userAgent: String?
    /// The `Audit-ID` that the caller sent; it is not passed on.
    public let callerAuditID: String?
    public let time: Timestamp
    /// What the request asks for beside its object.
    public var options: RequestOptions?

    public init(
        exchange: ExchangeID, invocation: String?, method: String, target: MaskedText, headers: [(String, MaskedText)],
        sourceAddress: String, userAgent: String?, callerAuditID: String?, time: Timestamp
    ) {
        self.exchange = exchange
        self.invocation = invocation
        self.method = method
        self.target = target
        self.headers = headers
        self.sourceAddress = sourceAddress
        self.userAgent = userAgent
        self.callerAuditID = callerAuditID
        self.time = time
    }
}

/// How an exchange ended.
public struct Closing: Sendable {
    public let exchange: ExchangeID
    /// The HTTP status that the caller got; nil where it got none.
    public let status: Int?
    public let outcome: Outcome
    public let requestBytes: UInt64
    public let responseBytes: UInt64
    /// Bytes that the masking rules kept out of the record.
    public let omittedBytes: UInt64
    /// SHA-256 of the request as received.
    public let requestDigest: [UInt8]
    /// SHA-256 of the response as received.
    public let responseDigest: [UInt8]
    /// Nanoseconds from the first byte of the request to the end.
    public let duration: UInt64
    public let failure: String?
    public let time: Timestamp
    /// SHA-256 of the response as delivered; nil where that is the one as received.
    public var deliveredDigest: [UInt8]?
    /// What of the request was forwarded; nil where that is all that was received.
    public var forwarded: ForwardedRequest?
    /// What was masked; the digest of a direction in which something was is keyed, so that no value can be tried
    /// against it.
    public var masked = MaskedTotals()
    /// What went through its channels; nil where the connection was not upgraded.
    public var stream: StreamClosing?
    /// The response's headers, as those of the request are recorded.
    public var headers: [(String, MaskedText)] = []
    /// The cause in one word, where the gateway refused what it had opened, or the cluster's answer to it; `failure` says it in a
    /// sentence.
    public var refused: String?
    /// Set where the response was recorded inflated.
    public var decoded: DecodedClosing?

    public init(
        exchange: ExchangeID, status: Int?, outcome: Outcome, requestBytes: UInt64, responseBytes: UInt64,
        omittedBytes: UInt64, requestDigest: [UInt8], responseDigest: [UInt8], duration: UInt64, failure: String?,
        time: Timestamp
    ) {
        self.exchange = exchange
        self.status = status
        self.outcome = outcome
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.omittedBytes = omittedBytes
        self.requestDigest = requestDigest
        self.responseDigest = responseDigest
        self.duration = duration
        self.failure = failure
        self.time = time
    }
}

/// The part of a request that the cluster was sent, where that is not all of it.
public struct ForwardedRequest: Hashable, Sendable {
    public let bytes: UInt64
    /// SHA-256 of those bytes; keyed where the request's own digest is.
    public let digest: [UInt8]

    public init(bytes: UInt64, digest: [UInt8]) {
        self.bytes = bytes
        self.digest = digest
    }
}

/// A request that was refused before it was opened; most before anybody was proven to stand behind it.
public struct RefusedRequest: Sendable {
    public let method: String
    public let target: MaskedText
    public let sourceAddress: String
    /// The cause in one word.
    public let cause: String
    /// The sentence that the caller got.
    public let reason: String
    public let status: Int
    /// The last one's, where there are several.
    public var time: Timestamp
    /// Who asked, where that was proven.
    public let identity: Identity?
    /// How many refusals of the same source and cause within a second this is; all but the first are counted together.
    public var count = 1

    public init(
        method: String, target: MaskedText, sourceAddress: String, cause: String, reason: String, status: Int,
        time: Timestamp, identity: Identity? = nil
    ) {
        self.identity = identity
        self.method = method
        self.target = target
        self.sourceAddress = sourceAddress
        self.cause = cause
        self.reason = reason
        self.status = status
        self.time = time
    }
}
