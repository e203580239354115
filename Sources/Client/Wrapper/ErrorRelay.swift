@preconcurrency import Dispatch
import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Stands between a command's standard error and this program's, and restores names in what goes by. Standard output goes
/// its own way, unless it is the same pipe or file: then it goes by here too, so that the order of the lines stays.
struct ErrorRelay {
    let names: [Int32: String]

    /// Runs `body`, which gives its command other descriptors in place of some of its own, until it ends and all that the
    /// command has printed is printed.
    func run(
        _ body: (_ redirections: [ChildProcess.Redirection]) async throws -> Int32
    ) async throws -> Int32 {
        let output = try Self.openPipe()
        let ended = try Self.openPipe()
        async let relayed: Void = relay(from: output.read, until: ended.read)
        var redirections = [ChildProcess.Redirection(from: output.write, to: STDERR_FILENO)]
        if Self.isOneFile(STDOUT_FILENO, STDERR_FILENO) {
            redirections.append(.init(from: output.write, to: STDOUT_FILENO))
        }
        let result: Result<Int32, any Error>
        do { result = .success(try await body(redirections)) } catch { result = .failure(error) }
        for descriptor in [output.write, ended.write] { close(descriptor) }
        await relayed
        for descriptor in [output.read, ended.read] { close(descriptor) }
        return try result.get()
    }

    /// Relays to the end of `output`; once `ended` is closed, no further than to what has been printed by then: what the
    /// command has left behind may print for ever.
    private func relay(from output: Int32, until ended: Int32) async {
        await withCheckedContinuation { continuation in
            // Waiting blocks a thread of its own.
            DispatchQueue(label: "byline.errors").async {
                var restorer = NameRestorer(names)
                var buffer = [UInt8](repeating: 0, count: 16_384)
                while Self.hasMore(output, until: ended) {
                    let count = read(output, &buffer, buffer.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { break }
                    Self.print(restorer.append(buffer[..<count]))
                }
                Self.print(restorer.finish())
                continuation.resume()
            }
        }
    }

    /// Waits until there is something to read, or nothing more to wait for.
    private static func hasMore(_ output: Int32, until ended: Int32) -> Bool {
        var polled = [output, ended].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&polled, 2, -1) < 0, errno == EINTR {}
        return polled[0].revents != 0
    }

    private static func print(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// True for two descriptors of one pipe or file. A terminal is left to the command, which may ask what it is.
    private static func isOneFile(_ first: Int32, _ second: Int32) -> Bool {
        var (one, other) = (stat(), stat())
        guard isatty(first) == 0, fstat(first, &one) == 0, fstat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    private static func openPipe() throws(ClientFault) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .file(.lastError("open", "a pipe")) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
