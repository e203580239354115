import FoundationEssentials
public import NIOSSL
import SwiftASN1
import X509

/// A listener's certificate and key, PEM.
public struct ServerCertificate: Sendable {
    /// The leaf, then its authority.
    public let certificatePEM: String
    public let privateKeyPEM: String

    /// A TLS context for a listener that offers these protocols by ALPN.
    public func listenerContext(protocols: [String]) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }

    /// True while it is good for that many days more.
    public func isValid(forDays days: Int) -> Bool {
        guard let leaf = try? Certificate(pemEncoded: String(leafPEM)) else { return false }
        return leaf.notValidAfter > Date.now.addingTimeInterval(Double(days) * 86_400)
    }

    /// True where this authority signed it.
    func isSigned(by authority: CertificateAuthority) -> Bool { certificatePEM.hasSuffix(authority.certificatePEM) }

    private var leafPEM: String {
        let end = "-----END CERTIFICATE-----"
        return certificatePEM.split(separator: end, maxSplits: 1, omittingEmptySubsequences: false).first.map {
            "\($0)\(end)\n"
        } ?? ""
    }
}
