import ArgumentParser
import Gateway
import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How the program ends when it cannot do what it was asked: 1 for what failed, 2 for a command line that it does not
/// understand.
enum Failure {
    static func exit(_ error: any Error) -> Never {
        if let fault = error as? any Advised {
            say(fault.advice)
            Glibc.exit(1)
        }
        if let fault = error as? FileFault {
            say(Advice("\(fault)", hint: "choose another file"))
            Glibc.exit(1)
        }
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        let isHelp = Program.exitCode(for: error) == .success
        let text = Program.fullMessage(for: error)
        if isHelp { print(text) } else { Standard.error(text + "\n") }
        Glibc.exit(isHelp ? 0 : 2)
    }

    static func say(_ advice: Advice) {
        Standard.error("byline-gateway: \(advice.failure)\nhint: \(advice.hint)\n")
    }
}

/// The standard streams, unbuffered.
enum Standard {
    static func output(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
