import Authentication
import Crypto
import LocalState
import LoopbackTLS
import Masking

/// The keys that a development gateway keeps in its folder, each in a file of mode 0600.
struct DevKeyMaterial: Sendable {
    let authority: CertificateAuthority
    let server: ServerCertificate
    let issuerKey: SigningKey
    let sessionTokenKeys: SessionTokenKeys
    let client: DevClient
    let maskKeys: MaskKeys

    /// Reads what is there and makes what is missing.
    static func loadOrCreate(_ folder: DevGatewayFolder) async throws -> DevKeyMaterial {
        let certificates = try CertificateFiles.loadOrCreate(folder)
        let issuer = try P256.Signing.PrivateKey(
            rawRepresentation: try secret(folder.issuerKey) { Array(P256.Signing.PrivateKey().rawRepresentation) })
        let sessions = try Curve25519.Signing.PrivateKey(
            rawRepresentation: try secret(folder.sessionTokenKey) {
                Array(Curve25519.Signing.PrivateKey().rawRepresentation)
            })
        return DevKeyMaterial(
            authority: certificates.authority, server: certificates.server,
            issuerKey: try await SigningKey.es256(issuer),
            sessionTokenKeys: SessionTokenKeys(current: try await SigningKey.ed25519(sessions)),
            client: try DevClient.loadOrCreate(folder.clientCredentials),
            maskKeys: try MaskKeys(file: try secret(folder.maskKey) { MaskKeys.generateFile() }))
    }

    private static func secret(_ path: String, make: () -> [UInt8]) throws(FileFault) -> [UInt8] {
        do throws(FileFault) { return try PrivateFile.read(path) } catch {
            guard error.isMissing else { throw error }
        }
        let bytes = make()
        try PrivateFile.replaceAtomically(path, with: bytes)
        return bytes
    }
}
