public import CurlTransport

/// How a gateway and its issuer are reached: what their certificates are verified against, and what they are shown.
/// Proxies are libcurl's to find in the environment.
public struct Way: Hashable, Sendable {
    /// PEM of what the gateway's certificate is verified against; nil for the system's authorities.
    public var authority: String?
    /// PEM of what the issuer's is verified against, besides the system's authorities; nil for the gateway's.
    public var issuerAuthority: String?
    public var clientCertificate: ClientCertificate?

    public init(
        authority: String? = nil, issuerAuthority: String? = nil, clientCertificate: ClientCertificate? = nil
    ) {
        self.authority = authority
        self.issuerAuthority = issuerAuthority
        self.clientCertificate = clientCertificate
    }

    var gatewayTrust: Trust { authority.map { .authorities(Array($0.utf8)) } ?? .system }

    func toGateway(_ engine: CurlEngine) -> GatewayHTTP {
        GatewayHTTP(engine: engine, trust: gatewayTrust, clientCertificate: clientCertificate)
    }

    /// What an issuer says is short.
    private static let issuerLimit = 1 << 20

    /// A gateway with an authority of its own often signs people in at an issuer that all the world trusts.
    func toIssuer(_ engine: CurlEngine) -> GatewayHTTP {
        let trust: Trust = (issuerAuthority ?? authority).map { .systemAnd(Array($0.utf8)) } ?? .system
        return GatewayHTTP(
            engine: engine, trust: trust, clientCertificate: clientCertificate, limit: Self.issuerLimit)
    }

    /// Reads the files that hold authorities; the client's certificate and key stay where they are.
    public init(
        authorityFile: String?, issuerAuthorityFile: String?, clientCertificateFile: String?, clientKeyFile: String?
    ) throws(ClientFault) {
        self.init(
            authority: try authorityFile.map { file throws(ClientFault) in try SigningIn.readShared(file) },
            issuerAuthority: try issuerAuthorityFile.map { file throws(ClientFault) in try SigningIn.readShared(file) })
        switch (clientCertificateFile, clientKeyFile) {
        case (nil, nil): break
        case (let certificate?, let key?):
            for file in [certificate, key] { _ = try SigningIn.readShared(file) }
            clientCertificate = ClientCertificate(certificate: certificate, key: key)
        default: throw .signIn(.keyMissing)
        }
    }
}
