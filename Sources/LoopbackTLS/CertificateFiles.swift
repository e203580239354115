public import LocalState

/// The certificates that `byline-gateway dev` keeps in its folder: the authority stays, so that a client trusts it once;
/// the server's own is renewed in time.
public enum CertificateFiles {
    private static let authorityDays = 3_650
    private static let serverDays = 90
    private static let renewalDays = 7

    /// Reads what is kept; makes what is missing, about to end, or not of a piece.
    public static func loadOrCreate(_ folder: DevGatewayFolder) throws -> (
        authority: CertificateAuthority, server: ServerCertificate
    ) {
        let authority = try loadAuthority(folder) ?? makeAuthority(folder)
        if let server = try loadServer(folder), server.isValid(forDays: renewalDays), server.isSigned(by: authority) {
            return (authority, server)
        }
        let server = try authority.issueServerCertificate(
            names: ["localhost"], addresses: ["127.0.0.1", "::1"], validFor: serverDays)
        try PrivateFile.replaceAtomically(folder.serverKey, with: Array(server.privateKeyPEM.utf8))
        try PrivateFile.replaceAtomically(folder.serverCertificate, with: Array(server.certificatePEM.utf8))
        return (authority, server)
    }

    private static func loadAuthority(_ folder: DevGatewayFolder) throws -> CertificateAuthority? {
        guard let certificate = try text(folder.authorityCertificate), let key = try text(folder.authorityKey) else {
            return nil
        }
        let authority = try CertificateAuthority(certificatePEM: certificate, privateKeyPEM: key)
        return authority.isValid(forDays: serverDays) ? authority : nil
    }

    private static func makeAuthority(_ folder: DevGatewayFolder) throws -> CertificateAuthority {
        let authority = try CertificateAuthority(
            named: "Byline development gateway on this machine", validFor: authorityDays)
        try PrivateFile.replaceAtomically(folder.authorityKey, with: Array(authority.privateKeyPEM.utf8))
        try PrivateFile.replaceAtomically(folder.authorityCertificate, with: Array(authority.certificatePEM.utf8))
        return authority
    }

    private static func loadServer(_ folder: DevGatewayFolder) throws -> ServerCertificate? {
        guard let certificate = try text(folder.serverCertificate), let key = try text(folder.serverKey) else {
            return nil
        }
        return ServerCertificate(certificatePEM: certificate, privateKeyPEM: key)
    }

    private static func text(_ path: String) throws(FileFault) -> String? {
        do throws(FileFault) { return String(decoding: try PrivateFile.read(path), as: UTF8.self) } catch {
            if error.isMissing { return nil }
            throw error
        }
    }
}
