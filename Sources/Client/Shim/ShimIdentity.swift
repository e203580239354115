import LocalState
import LoopbackTLS
import Vocabulary

/// What a shim proves itself with, and what its callers show it.
struct ShimIdentity {
    /// How long its certificates are good.
    static let days = 30

    let authority: CertificateAuthority
    /// 256 random bits.
    let bearer: String

    /// A new one, which lives as long as its shim.
    init() throws {
        authority = try CertificateAuthority(named: "Byline shim", validFor: Self.days)
        bearer = Base64.encodeURL((0..<32).map { _ in UInt8.random(in: 0...255) })
    }

    /// The one that is kept in a file, 0600: of a shim whose address outlives it, so that its kubeconfig does too. A new
    /// one is made where there is none, or it is about to end.
    init(keptIn path: String) throws {
        if let json = try? JSON(parsing: PrivateFile.read(path)), let bearer = json["bearer"]?.string,
            let certificate = json["certificate"]?.string, let key = json["key"]?.string,
            let authority = try? CertificateAuthority(certificatePEM: certificate, privateKeyPEM: key),
            authority.isValid(forDays: Self.days)
        {
            self.authority = authority
            self.bearer = bearer
            return
        }
        authority = try CertificateAuthority(named: "Byline shim", validFor: 365)
        bearer = Base64.encodeURL((0..<32).map { _ in UInt8.random(in: 0...255) })
        let json: JSON = [
            "bearer": .string(bearer), "certificate": .string(authority.certificatePEM),
            "key": .string(authority.privateKeyPEM),
        ]
        try PrivateFile.makeFolder(Path.folder(of: path))
        try PrivateFile.replaceAtomically(path, with: json.canonicalBytes)
    }
}
