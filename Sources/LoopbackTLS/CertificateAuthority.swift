import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// A certificate authority for listeners on this machine: the shim's, which lives as long as one command, and the one of
/// `byline-gateway dev`, which is kept.
public struct CertificateAuthority: Sendable {
    public let certificatePEM: String
    public let privateKeyPEM: String
    private let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    /// Makes a new one with that common name.
    public init(named name: String, validFor days: Int) throws {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date.now.addingTimeInterval(-3_600), notValidAfter: Date.now.addingTimeInterval(days: days),
            issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
            },
            issuerPrivateKey: .init(key))
        self.key = key
        self.certificate = certificate
        certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
        privateKeyPEM = key.pemRepresentation + "\n"
    }

    /// Takes up one that was kept.
    public init(certificatePEM: String, privateKeyPEM: String) throws {
        certificate = try Certificate(pemEncoded: certificatePEM)
        key = try P256.Signing.PrivateKey(pemRepresentation: privateKeyPEM)
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }

    /// True while it can still sign for that many days.
    public func isValid(forDays days: Int) -> Bool {
        certificate.notValidAfter > Date.now.addingTimeInterval(days: days)
    }

    /// Makes a server's certificate for DNS names and addresses: IPv4 in dotted form, `::1` for IPv6's loopback.
    public func issueServerCertificate(
        names: [String], addresses: [String], validFor days: Int
    ) throws -> ServerCertificate {
        let serverKey = P256.Signing.PrivateKey()
        let alternatives =
            names.map { GeneralName.dnsName($0) }
            + addresses.compactMap(Self.bytes(ofAddress:)).map {
                GeneralName.ipAddress(ASN1OctetString(contentBytes: $0[...]))
            }
        let authorityKeyID = SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey)).keyIdentifier
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(serverKey.publicKey),
            notValidBefore: Date.now.addingTimeInterval(-3_600), notValidAfter: Date.now.addingTimeInterval(days: days),
            issuer: certificate.subject, subject: try DistinguishedName { CommonName(names.first ?? "localhost") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(alternatives)
                AuthorityKeyIdentifier(keyIdentifier: authorityKeyID)
                SubjectKeyIdentifier(hash: Certificate.PublicKey(serverKey.publicKey))
            },
            issuerPrivateKey: .init(key))
        return ServerCertificate(
            certificatePEM: try leaf.serializeAsPEM().pemString + "\n" + certificatePEM,
            privateKeyPEM: serverKey.pemRepresentation + "\n")
    }

    private static func bytes(ofAddress text: String) -> [UInt8]? {
        if text == "::1" { return [UInt8](repeating: 0, count: 15) + [1] }
        let parts = text.split(separator: ".").compactMap { UInt8($0) }
        return parts.count == 4 ? parts : nil
    }
}

extension Date {
    fileprivate func addingTimeInterval(days: Int) -> Date { addingTimeInterval(Double(days) * 86_400) }
}
