import KubernetesWire
import LocalState
import NIOCore
import NIOSSL

/// TLS towards an API server: its certificate is always verified.
enum UpstreamTLS {
    /// The context for all connections to one cluster.
    static func context(for facts: KubeconfigUpstream) throws(UpstreamFault) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authority = facts.certificateAuthority {
            configuration.trustRoots = .certificates(
                try certificates(try bytes(of: authority), what: "certificate-authority"))
        }
        if case .clientCertificate(let certificate, let key) = facts.credential {
            let chain = try certificates(try bytes(of: certificate), what: "client-certificate")
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(try privateKey(try bytes(of: key)))
        }
        do { return try NIOSSLContext(configuration: configuration) } catch { throw .tls("\(error)") }
    }

    /// True for an IPv4 or IPv6 address, which is verified against the certificate's IP names and sent as no SNI.
    static func isAddress(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }

    private static func bytes(of source: KubeconfigUpstream.Source) throws(UpstreamFault) -> [UInt8] {
        switch source {
        case .inline(let bytes): return bytes
        case .file(let path):
            do throws(FileFault) { return try PrivateFile.readShared(path) } catch {
                throw .unreadable(path: path, cause: error.description)
            }
        }
    }

    private static func certificates(_ pem: [UInt8], what: String) throws(UpstreamFault) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw .notPEM(what)
        }
        return certificates
    }

    private static func privateKey(_ pem: [UInt8]) throws(UpstreamFault) -> NIOSSLPrivateKey {
        guard let key = try? NIOSSLPrivateKey(bytes: pem, format: .pem) else { throw .notPEM("client-key") }
        return key
    }
}
