import CredentialCache
import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The exec credential plugin's short way: a session token that `byline credential` has left in the cache is printed;
/// everything else is handed to `byline credential` itself, which stands beside this program or in PATH.
@main
enum Program {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let variables = ProcessEnvironment.variables()
        if let answer = cached(arguments, variables) {
            let count = answer.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            exit(count == answer.count ? 0 : 1)
        }
        handOver(arguments)
    }

    private static func cached(_ arguments: [String], _ variables: [String: String]) -> [UInt8]? {
        let question = CredentialAnswer.Question(variables: variables)
        guard question.isAnswerable, let request = CredentialRequest(arguments: arguments, variables: variables),
            let key = request.key, let session = SessionCache(request.folder).load(key, now: .now())
        else { return nil }
        return CredentialAnswer.bytes(session, apiVersion: question.apiVersion)
    }

    private static func handOver(_ arguments: [String]) -> Never {
        var pointers = (["byline", "credential"] + arguments).map { strdup($0) } + [nil]
        if let beside = Path.besideThisProgram("byline") { execv(beside, &pointers) }
        execvp("byline", &pointers)
        let sentence =
            "byline-credential: byline cannot be run: \(String(cString: strerror(errno)))\n"
            + "hint: install byline beside byline-credential, or in PATH\n"
        _ = sentence.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(1)
    }
}
