import Crypto
import CryptoExtras
public import LocalState

extension SigningKey {
    /// Why a signing key's file cannot be used.
    public enum FileProblem: Error, CustomStringConvertible, Sendable {
        case file(FileFault)
        case notEd25519

        public var description: String {
            switch self {
            case .file(let fault): "\(fault)"
            case .notEd25519:
                "it is no Ed25519 private key in PEM (PKCS#8); make one with: byline-gateway keys generate signing"
            }
        }
    }

    /// Makes a new Ed25519 key, as PKCS#8 in PEM.
    public static func generatePEM() -> String { Curve25519.Signing.PrivateKey().pemRepresentation + "\n" }

    /// Reads an Ed25519 key from a file that nobody else may read.
    public static func read(_ path: String) async throws(FileProblem) -> SigningKey {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.read(path) } catch { throw .file(error) }
        guard
            let key = try? Curve25519.Signing.PrivateKey(pemRepresentation: String(decoding: bytes, as: UTF8.self)),
            let signing = try? await SigningKey.ed25519(key)
        else { throw .notEd25519 }
        return signing
    }

    /// Reads the key, or makes it where there is none yet.
    public static func readOrCreate(_ path: String) async throws(FileProblem) -> SigningKey {
        do throws(FileProblem) { return try await read(path) } catch {
            guard case .file(let fault) = error, fault.isMissing else { throw error }
        }
        do throws(FileFault) { try PrivateFile.replaceAtomically(path, with: Array(generatePEM().utf8)) } catch {
            throw .file(error)
        }
        return try await read(path)
    }
}
