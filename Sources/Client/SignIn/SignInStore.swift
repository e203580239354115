import CredentialCache
import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where sign-ins are kept: a folder for each gateway, in it a file for each issuer and username, 0600; the tokens in the
/// kernel's keyring where the person wants that.
struct SignInStore: Sendable {
    private let state: String

    /// - Throws: `ClientFault.noStateFolder` where the environment names none.
    init(_ environment: Environment) throws(ClientFault) {
        guard let state = StateFolders.person(environment: environment.variables) else { throw .noStateFolder }
        self.state = state
    }

    func folder(_ gateway: String) -> SignInFolder { SignInFolder(gateway: gateway, inPerson: state) }

    /// The gateway signed in at last.
    func lastGateway() throws(ClientFault) -> String? { try text(SignInFolder.lastGateway(inPerson: state)) }

    /// The name of the entry that an account means; nil where there is none yet.
    func entry(of account: Account, at gateway: String) throws(ClientFault) -> String? {
        switch account {
        case .tokenFile(let file): SignInFolder.fileName(of: "token-file \(file)")
        case .clientCredentials(let file): SignInFolder.fileName(of: "client-credentials \(file)")
        case .named(let name): try all(at: gateway).first { $0.signIn.username == name }?.entry
        case .last: try text(folder(gateway).lastEntry)
        }
    }

    func load(_ entry: String, at gateway: String) throws(ClientFault) -> SignIn? {
        let path = folder(gateway).signIn(entry)
        guard let bytes = try read(path) else { return nil }
        var kept = try? JSON(parsing: bytes)
        if let file = kept, SignIn.isInKeyring(file) {
            // The person's last process has ended since: as if there had been no sign-in.
            guard let secrets = KernelKeyring.load(key(of: entry, at: gateway)) else { return nil }
            kept = (try? JSON(parsing: secrets)).map { .object((file.members ?? []) + ($0.members ?? [])) }
        }
        guard let signIn = kept.flatMap(SignIn.init) else {
            throw .signIn(.brokenFile(path: path, gateway: gateway))
        }
        // Two URLs may share a folder's name, if ever: then the later one signs in again.
        return signIn.gateway == gateway ? signIn : nil
    }

    func save(_ signIn: SignIn, as entry: String) throws(ClientFault) {
        let (file, secrets) = signIn.parts
        if let secrets {
            do throws(KernelKeyring.Refusal) {
                try KernelKeyring.store(secrets.canonicalBytes, as: key(of: entry, at: signIn.gateway))
            } catch {
                throw .signIn(.keyringRefused(error.cause))
            }
        } else {
            KernelKeyring.remove(key(of: entry, at: signIn.gateway))
        }
        try files { () throws(FileFault) in
            try PrivateFile.makeFolder(folder(signIn.gateway).path)
            try PrivateFile.replaceAtomically(folder(signIn.gateway).signIn(entry), with: file.canonicalBytes)
        }
    }

    /// The name of an entry's tokens in the keyring: another state folder's are others.
    private func key(of entry: String, at gateway: String) -> String { "byline:\(folder(gateway).signIn(entry))" }

    /// Makes an entry the one that is meant where none is named, and drops the session tokens of those before it.
    func makeLast(_ entry: String, at gateway: String) throws(ClientFault) {
        try files { () throws(FileFault) in
            try PrivateFile.replaceAtomically(folder(gateway).lastEntry, with: Array(entry.utf8))
            try PrivateFile.replaceAtomically(
                SignInFolder.lastGateway(inPerson: state), with: Array(gateway.utf8))
        }
        SessionCache(folder(gateway)).clear()
    }

    /// Forgets an entry, and every session token of the gateway.
    func remove(_ entry: String, at gateway: String) throws(ClientFault) {
        let folder = folder(gateway)
        let isLast = try text(folder.lastEntry) == entry
        let isLastGateway = try lastGateway() == gateway
        try files { () throws(FileFault) in
            try PrivateFile.remove(folder.signIn(entry))
            if isLast { try PrivateFile.remove(folder.lastEntry) }
            if isLast, isLastGateway { try PrivateFile.remove(SignInFolder.lastGateway(inPerson: state)) }
        }
        KernelKeyring.remove(key(of: entry, at: gateway))
        SessionCache(folder).clear()
    }

    /// Every sign-in at a gateway.
    func all(at gateway: String) throws(ClientFault) -> [(entry: String, signIn: SignIn)] {
        guard let stream = opendir(folder(gateway).path) else { return [] }
        defer { closedir(stream) }
        var found: [(String, SignIn)] = []
        while let item = readdir(stream) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasSuffix(".json") else { continue }
            let entry = String(name.dropLast(5))
            if let signIn = try load(entry, at: gateway) { found.append((entry, signIn)) }
        }
        return found.sorted { $0.0 < $1.0 }
    }

    private func text(_ path: String) throws(ClientFault) -> String? {
        try read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func read(_ path: String) throws(ClientFault) -> [UInt8]? {
        do throws(FileFault) { return try PrivateFile.read(path) } catch {
            if error.isMissing { return nil }
            throw .file(error)
        }
    }

    private func files(_ work: () throws(FileFault) -> Void) throws(ClientFault) {
        do throws(FileFault) { try work() } catch { throw .file(error) }
    }
}
