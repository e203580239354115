import LocalState

/// The lock of one sign-in: whoever holds it renews the sign-in or makes session tokens of it, everybody else waits and
/// then finds what they need. It ends with its holder, however that ends.
enum SignInLock {
    /// Milliseconds between two attempts.
    private static let pause = 20
    /// Milliseconds of silence.
    private static let silence = 1_000
    /// Milliseconds that a person may take at the issuer's page, and a little more.
    private static let patience = 15 * 60 * 1_000

    /// Takes the lock as soon as nobody else has it; after a second it says what it waits for.
    static func take(
        _ path: String, gateway: String, say: @Sendable (String) -> Void
    ) async throws(ClientFault) -> FileLock {
        do throws(FileFault) { try PrivateFile.makeFolder(Path.folder(of: path)) } catch { throw .file(error) }
        var waited = 0
        while true {
            do throws(FileFault) { return try FileLock(path) } catch {
                guard error.reason == .locked else { throw .file(error) }
            }
            guard waited < patience else { throw .signIn(.busy(gateway: gateway)) }
            do { try await Task.sleep(for: .milliseconds(pause)) } catch { throw .signIn(.busy(gateway: gateway)) }
            if waited < silence, waited + pause >= silence {
                say("byline: waiting for another byline that signs in at \(gateway)\n")
            }
            waited += pause
        }
    }
}
