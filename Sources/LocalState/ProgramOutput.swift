#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a program that was run to its end has written.
public struct ProgramOutput: Sendable {
    /// Why a program could not be run to a good end.
    public enum Fault: Error, Sendable, CustomStringConvertible {
        case cannotRun(command: String, cause: String)
        /// It ended with this code, or 128 and a signal's number; the first line that it wrote to standard error.
        case failed(command: String, code: Int32, said: String)
        case timedOut(command: String, seconds: Int)
        case tooLong(command: String, limit: Int)

        public var description: String {
            switch self {
            case .cannotRun(let command, let cause): "\(command) cannot be run: \(cause)"
            case .failed(let command, let code, let said):
                "\(command) ended with code \(code)\(said.isEmpty ? "" : ": \(said)")"
            case .timedOut(let command, let seconds): "\(command) did not end within \(seconds) s"
            case .tooLong(let command, let limit): "\(command) wrote more than \(limit) bytes"
            }
        }
    }

    private static let limit = 1 << 20

    /// Runs a program with nothing on its standard input and takes its standard output. Blocks the thread.
    ///
    /// - Parameters:
    ///   - command: the program, found as a shell would, and its arguments.
    ///   - environment: all its variables.
    ///   - seconds: how long it may take; then it is killed.
    /// - Returns: what it wrote to standard output.
    /// - Throws: `Fault`.
    public static func of(
        _ command: [String], environment: [String: String], seconds: Int
    ) throws(Fault) -> [UInt8] {
        let name = command.first ?? ""
        let (output, errors) = try (openPipe(name), openPipe(name))
        defer { for descriptor in [output.read, errors.read] { close(descriptor) } }
        let spawned = Result { () throws(Fault) in
            try spawn(command, environment, output: output.write, errors: errors.write)
        }
        for descriptor in [output.write, errors.write] { close(descriptor) }
        let pid = try spawned.get()
        do throws(Fault) {
            let (written, said) = try gather(output.read, errors.read, name, seconds: seconds)
            let code = wait(pid)
            guard code == 0 else {
                let line = String(decoding: said.prefix { $0 != 0x0A }.prefix(300), as: UTF8.self)
                throw .failed(command: name, code: code, said: line)
            }
            return written
        } catch {
            kill(pid, SIGKILL)
            if case .failed = error { throw error }
            _ = wait(pid)
            throw error
        }
    }

    private static func openPipe(_ command: String) throws(Fault) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotRun(command: command, cause: String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ command: [String], _ environment: [String: String], output: Int32, errors: Int32
    ) throws(Fault) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The thread that spawns is one of a pool, whose threads block all signals; the program's must not.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, command.first ?? "", &actions, &attributes, &arguments, &variables)
        guard code == 0 else {
            throw .cannotRun(command: command.first ?? "", cause: String(cString: strerror(code)))
        }
        return pid
    }

    /// Reads both streams to their ends.
    private static func gather(
        _ output: Int32, _ errors: Int32, _ name: String, seconds: Int
    ) throws(Fault) -> (output: [UInt8], errors: [UInt8]) {
        let deadline = MonotonicClock.nanoseconds() + UInt64(seconds) * 1_000_000_000
        var polled = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var bytes: [[UInt8]] = [[], []]
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while polled.contains(where: { $0.fd >= 0 }) {
            let now = MonotonicClock.nanoseconds()
            guard now < deadline else { throw .timedOut(command: name, seconds: seconds) }
            _ = poll(&polled, nfds_t(polled.count), Int32((deadline - now) / 1_000_000) + 1)
            for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
                let count = read(polled[index].fd, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    polled[index].fd = -1
                    continue
                }
                bytes[index].append(contentsOf: buffer[0..<count])
                guard bytes[index].count <= limit else { throw .tooLong(command: name, limit: limit) }
            }
        }
        return (bytes[0], bytes[1])
    }

    private static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
