import Vocabulary

/// What an OIDC issuer says of itself under `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §4).
public struct ProviderMetadata: Sendable {
    /// Why a metadata document cannot be used.
    public enum Fault: Error, CustomStringConvertible, Sendable {
        case notJSON
        /// It speaks for another issuer than the one that was asked (§4.3).
        case otherIssuer(String)
        case noKeys

        public var description: String {
            switch self {
            case .notJSON: "its metadata is not JSON"
            case .otherIssuer(let other): "its metadata is that of another issuer, \"\(other.prefix(200))\""
            case .noKeys: "its metadata names no https jwks_uri"
            }
        }
    }

    /// Where its keys are: an https URL.
    public let keysURL: String

    /// The address of an issuer's metadata.
    public static func url(ofIssuer issuer: String) -> String {
        "\(issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer)/.well-known/openid-configuration"
    }

    public init(parsing bytes: [UInt8], of issuer: String) throws(Fault) {
        guard let json = try? JSON(parsing: bytes) else { throw .notJSON }
        guard json["issuer"]?.string == issuer else { throw .otherIssuer(json["issuer"]?.string ?? "") }
        guard let url = json["jwks_uri"]?.string, url.hasPrefix("https://") else { throw .noKeys }
        keysURL = url
    }
}
