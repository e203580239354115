import Crypto
import LocalState
import Vocabulary

/// Where sign-ins are kept: one file a gateway, 0600, and one that names the gateway signed in at last.
public struct SignInStore: Sendable {
    private let folder: String

    /// - Throws: `ClientFault.noStateFolder` where the environment names none.
    public init(_ environment: Environment) throws(ClientFault) {
        guard let state = StateFolders.person(environment: environment.variables) else { throw .noStateFolder }
        folder = StateFolders.signIns(inPerson: state)
    }

    private func path(of gateway: String) -> String {
        "\(folder)/\(HexDigits.lower(SHA256.hash(data: Array(gateway.utf8)).prefix(12))).json"
    }

    private var currentPath: String { "\(folder)/current" }

    /// The sign-in at a gateway, or at the one signed in at last.
    func load(gateway: String?) throws(ClientFault) -> SignIn {
        let named: String? = if let gateway { gateway } else { try current() }
        guard let gateway = named else { throw .notSignedIn }
        let path = path(of: gateway)
        guard let bytes = try read(path) else { throw .notSignedIn }
        guard let json = try? JSON(parsing: bytes), let signIn = SignIn(json) else {
            throw .file(FileFault("understand", path, .system(errno: 22)))
        }
        return signIn
    }

    func save(_ signIn: SignIn, makeCurrent: Bool) throws(ClientFault) {
        do throws(FileFault) {
            try PrivateFile.makeFolder(folder)
            try PrivateFile.replaceAtomically(path(of: signIn.gateway), with: signIn.json.canonicalBytes)
            if makeCurrent { try PrivateFile.replaceAtomically(currentPath, with: Array(signIn.gateway.utf8)) }
        } catch { throw .file(error) }
    }

    /// Forgets a sign-in.
    func remove(gateway: String) throws(ClientFault) {
        let isCurrent = try current() == gateway
        do throws(FileFault) {
            try PrivateFile.remove(path(of: gateway))
            if isCurrent { try PrivateFile.remove(currentPath) }
        } catch { throw .file(error) }
    }

    private func current() throws(ClientFault) -> String? {
        try read(currentPath).map { String(decoding: $0, as: UTF8.self) }
    }

    private func read(_ path: String) throws(ClientFault) -> [UInt8]? {
        do throws(FileFault) { return try PrivateFile.read(path) } catch {
            if error.isMissing { return nil }
            throw .file(error)
        }
    }
}
