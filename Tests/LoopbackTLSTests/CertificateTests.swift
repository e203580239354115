import Foundation
import LocalState
import LoopbackTLS
import TestSupport
import Testing

@Suite struct CertificateTests {
    @Test func openSSLVerifiesTheChainStrictly() async throws {
        let folder = try TemporaryFolder()
        let authority = try CertificateAuthority(named: "test authority", validFor: 30)
        let server = try authority.issueServerCertificate(
            names: ["localhost"], addresses: ["127.0.0.1", "::1"], validFor: 30)
        try PrivateFile.replaceAtomically("\(folder.path)/ca.crt", with: Array(authority.certificatePEM.utf8))
        try PrivateFile.replaceAtomically("\(folder.path)/server.crt", with: Array(server.certificatePEM.utf8))
        for name in [["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"], ["-verify_hostname", "localhost"]] {
            let result = try await openssl(folder, name)
            #expect(result.code == 0, "\(result.error)")
        }
        #expect(try await openssl(folder, ["-verify_hostname", "example.com"]).code != 0)
    }

    @Test func theAuthorityIsKeptAndKeysArePrivate() throws {
        let folder = try TemporaryFolder()
        let state = DevGatewayFolder(folder.path)
        let first = try CertificateFiles.loadOrCreate(state)
        let second = try CertificateFiles.loadOrCreate(state)
        #expect(first.authority.certificatePEM == second.authority.certificatePEM)
        #expect(first.server.certificatePEM == second.server.certificatePEM)
        for key in [state.authorityKey, state.serverKey] {
            #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func aServerCertificateThatIsAboutToEndIsMadeAnew() throws {
        let folder = try TemporaryFolder()
        let state = DevGatewayFolder(folder.path)
        let authority = try CertificateFiles.loadOrCreate(state).authority
        let old = try authority.issueServerCertificate(names: ["localhost"], addresses: ["127.0.0.1"], validFor: 3)
        try PrivateFile.replaceAtomically(state.serverCertificate, with: Array(old.certificatePEM.utf8))
        try PrivateFile.replaceAtomically(state.serverKey, with: Array(old.privateKeyPEM.utf8))
        let renewed = try CertificateFiles.loadOrCreate(state)
        #expect(renewed.server.certificatePEM != old.certificatePEM)
        #expect(renewed.server.isValid(forDays: 80))
    }

    @Test func aKeyThatOthersCanReadIsNotUsed() throws {
        let folder = try TemporaryFolder()
        let state = DevGatewayFolder(folder.path)
        _ = try CertificateFiles.loadOrCreate(state)
        chmod(state.authorityKey, 0o644)
        #expect(throws: FileFault("trust", state.authorityKey, .tooOpen(mode: 0o644))) {
            try CertificateFiles.loadOrCreate(state)
        }
    }

    private func openssl(_ folder: TemporaryFolder, _ name: [String]) async throws -> RunningProgram.Result {
        try await RunningProgram.run(
            "/usr/bin/openssl",
            ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "\(folder.path)/ca.crt"] + name
                + ["\(folder.path)/server.crt"], environment: [:])
    }
}
