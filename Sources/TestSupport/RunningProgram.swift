public import Foundation

/// A program that a test has started. What it prints goes into files, so that nothing it leaves behind can keep the test
/// waiting for the end of a pipe.
public final class RunningProgram: Sendable {
    /// What a program that has ended printed, and how it ended.
    public struct Result: Sendable {
        /// The exit code, or 128 and the signal's number.
        public let code: Int32
        public let output: String
        public let error: String
    }

    /// `@unchecked Sendable`: started once, and afterwards only asked for its pid, which does not change.
    private struct ProcessBox: @unchecked Sendable {
        let process: Process
    }

    private let folder: TemporaryFolder
    private let process: ProcessBox
    private let ended: Task<Int32, Never>

    public init(_ program: String, _ arguments: [String], environment: [String: String], input: Data? = nil) throws {
        folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = try Self.file("\(folder.path)/output")
        process.standardError = try Self.file("\(folder.path)/error")
        try (input ?? Data()).write(to: URL(fileURLWithPath: "\(folder.path)/input"))
        process.standardInput = FileHandle(forReadingAtPath: "\(folder.path)/input")
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            let status = process.terminationStatus
            continuation.yield(process.terminationReason == .uncaughtSignal ? 128 + status : status)
            continuation.finish()
        }
        try process.run()
        self.process = ProcessBox(process: process)
        ended = Task { await stream.first { _ in true } ?? -1 }
    }

    /// A test that failed half-way leaves nothing running.
    deinit {
        if process.process.isRunning { kill(pid, SIGKILL) }
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    public var pid: Int32 { process.process.processIdentifier }

    public func signal(_ number: Int32) { kill(pid, number) }

    /// What it has printed so far.
    public var printed: String { text("output") }

    /// What it has written to standard error so far.
    public var saidOnError: String { text("error") }

    /// Waits for its end.
    public func result() async -> Result {
        let code = await ended.value
        return Result(code: code, output: text("output"), error: text("error"))
    }

    /// Waits until it has printed what `condition` looks for; false where it has not within that time.
    public func prints(within limit: Duration = .seconds(20), _ condition: @Sendable (String) -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if condition(printed) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return condition(printed)
    }

    private func text(_ name: String) -> String {
        String(
            decoding: (try? Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))) ?? Data(), as: UTF8.self)
    }

    /// Runs a program to its end.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String], input: Data? = nil
    ) async throws -> Result {
        try await RunningProgram(program, arguments, environment: environment, input: input).result()
    }
}
