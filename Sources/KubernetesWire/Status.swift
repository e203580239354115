public import Vocabulary

/// Kubernetes' answer to what failed: `metav1.Status`, whose message kubectl prints as it is.
public struct Status: Hashable, Sendable {
    /// The machine-readable cause, as apimachinery's `StatusReason`.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case unauthorized = "Unauthorized"
        case forbidden = "Forbidden"
        case notFound = "NotFound"
        case badRequest = "BadRequest"
        case methodNotAllowed = "MethodNotAllowed"
        case tooManyRequests = "TooManyRequests"
        case requestEntityTooLarge = "RequestEntityTooLarge"
        /// Not one of apimachinery's: the API server answers 431 in plain text.
        case requestHeaderFieldsTooLarge = "RequestHeaderFieldsTooLarge"
        /// Likewise, for 408.
        case requestTimeout = "RequestTimeout"
        /// Likewise, for 416.
        case rangeNotSatisfiable = "RangeNotSatisfiable"
        case serviceUnavailable = "ServiceUnavailable"
        case timeout = "Timeout"
        case internalError = "InternalError"
        case unprocessable = "Invalid"
        case notAcceptable = "NotAcceptable"
        case unsupportedMediaType = "UnsupportedMediaType"

        /// The HTTP status that goes with it.
        public var code: Int {
            switch self {
            case .badRequest: 400
            case .unauthorized: 401
            case .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .notAcceptable: 406
            case .requestEntityTooLarge: 413
            case .unsupportedMediaType: 415
            case .unprocessable: 422
            case .requestTimeout: 408
            case .rangeNotSatisfiable: 416
            case .tooManyRequests: 429
            case .requestHeaderFieldsTooLarge: 431
            case .internalError: 500
            case .serviceUnavailable: 503
            case .timeout: 504
            }
        }
    }

    public let reason: Reason
    /// For a person: what failed, on what, what to do next.
    public let message: String

    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    public var code: Int { reason.code }

    /// The Status as JSON, with the members that the API server's own have.
    public var json: JSON {
        [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
            "reason": .string(reason.rawValue), "code": .integer(code),
        ]
    }

    /// The Status as the bytes of a response body.
    public var bytes: [UInt8] { json.canonicalBytes + [UInt8(ascii: "\n")] }
}
