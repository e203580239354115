import ArgumentParser
import Client

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How the program ends when it cannot do what it was asked: 1 for what failed, 2 for a command line that it does not
/// understand, a shell's 127 and 126 for a command that is not there or cannot be run.
enum Failure {
    static func exit(_ error: any Error) -> Never {
        if let fault = error as? ClientFault {
            tell(fault.advice)
            Glibc.exit(code(fault))
        }
        if let fault = error as? UnsealedBody.Fault {
            tell(fault.advice)
            Glibc.exit(1)
        }
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        let isHelp = Program.exitCode(for: error) == .success
        let text = Program.fullMessage(for: error)
        if isHelp { Standard.output(text + "\n") } else { Standard.error(text + "\n") }
        Glibc.exit(isHelp ? 0 : usageCode)
    }

    private static func tell(_ advice: Advice) {
        Standard.error("byline: \(advice.failure)\nhint: \(advice.hint)\n")
    }

    /// AI tools take a hook's 2 for "stop what you do": a hook never ends with it.
    private static var usageCode: Int32 { CommandLine.arguments.dropFirst().first == "hook" ? 1 : 2 }

    private static func code(_ fault: ClientFault) -> Int32 {
        switch fault {
        case .commandNotFound: 127
        case .cannotRun: 126
        default: 1
        }
    }
}

/// The standard streams, unbuffered.
enum Standard {
    static func output(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }
    static func output(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
    static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
