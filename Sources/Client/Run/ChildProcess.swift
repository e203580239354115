@preconcurrency import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A command run in the foreground on this program's behalf: it has the terminal, gets the signals, and its end is this
/// program's end.
struct ChildProcess {
    /// Signals that a person or a supervisor sends to this program and means for the command.
    private static let passedOn = [SIGTERM, SIGHUP, SIGUSR1, SIGUSR2]
    /// Signals that a terminal sends to every process in the foreground, the command included.
    private static let fromTerminal = [SIGINT, SIGQUIT]

    /// A descriptor that the command gets in place of one of this program's.
    struct Redirection {
        let from: Int32
        let to: Int32
    }

    /// A command that was run in passing was ended by a signal, which is meant for this program as well.
    struct Interrupted: Error {
        /// The exit code to end with.
        let code: Int32
    }

    /// Runs the command to its end.
    ///
    /// - Returns: its exit code, or 128 and the number of the signal that ended it.
    static func run(
        _ command: [String], environment: [String: String], keeping descriptors: OpenDescriptors,
        redirecting redirections: [Redirection] = []
    ) async throws(ClientFault) -> Int32 {
        let signals = hold()
        defer { for source in signals.sources { source.cancel() } }
        let pid = try spawn(command, environment, descriptors, redirections)
        signals.target.set(pid)
        return await withCheckedContinuation { continuation in
            // waitpid blocks a thread of its own for as long as the command runs.
            DispatchQueue(label: "byline.wait").async { continuation.resume(returning: wait(pid)) }
        }
    }

    private static func spawn(
        _ command: [String], _ environment: [String: String], _ descriptors: OpenDescriptors,
        _ redirections: [Redirection]
    ) throws(ClientFault) -> pid_t {
        guard let name = command.first else { throw .commandNotFound("") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for redirection in redirections {
            posix_spawn_file_actions_adddup2(&actions, redirection.from, redirection.to)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this program ignores while it passes signals on, the command must not.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in passedOn + fromTerminal + [SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        // The thread that spawns is one of a pool, whose threads block all signals; the command's must not.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        descriptors.closeOthersOnExec()
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, name, &actions, &attributes, &arguments, &variables)
        guard code == 0 else {
            throw code == ENOENT
                ? .commandNotFound(name) : .cannotRun(command: name, cause: String(cString: strerror(code)))
        }
        return pid
    }

    private static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return 1 }
        }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// Catches the signals, to pass them on once there is a command. A terminal's Ctrl-C reaches the command by itself.
    private static func hold() -> (sources: [any DispatchSourceSignal], target: SignalTarget) {
        let target = SignalTarget()
        let hasTerminal = isatty(STDIN_FILENO) == 1
        let sources = (passedOn + fromTerminal).map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            let reachesItAnyway = hasTerminal && fromTerminal.contains(number)
            source.setEventHandler { if !reachesItAnyway { target.send(number) } }
            source.resume()
            return source
        }
        return (sources, target)
    }
}
