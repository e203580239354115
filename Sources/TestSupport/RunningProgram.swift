public import Foundation
import Synchronization

/// A program that a test has started, with what it prints.
public final class RunningProgram: Sendable {
    private struct Output {
        var standard = Data()
        var error = Data()
        var watchers: [@Sendable (String) -> Bool] = []
    }

    private let process: ProcessBox
    private let output: Mutex<Output> = Mutex(Output())
    private let ended: AsyncStream<Int32>

    /// What a program that has ended printed, and how it ended.
    public struct Result: Sendable {
        /// The exit code, or 128 and the signal's number.
        public let code: Int32
        public let output: String
        public let error: String
    }

    /// `@unchecked Sendable`: started once, and afterwards only asked for its pid and sent signals, which is safe from any
    /// thread.
    private struct ProcessBox: @unchecked Sendable {
        let process: Process
    }

    public init(_ program: String, _ arguments: [String], environment: [String: String], input: Data? = nil) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        let (standard, error, inputPipe) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = standard
        process.standardError = error
        process.standardInput = inputPipe
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        ended = stream
        self.process = ProcessBox(process: process)
        process.terminationHandler = { process in
            continuation.yield(
                process.terminationReason == .uncaughtSignal
                    ? 128 + process.terminationStatus : process.terminationStatus)
            continuation.finish()
        }
        let collectors = (
            collect(standard.fileHandleForReading, \.standard), collect(error.fileHandleForReading, \.error)
        )
        _ = collectors
        try process.run()
        if let input { inputPipe.fileHandleForWriting.write(input) }
        try inputPipe.fileHandleForWriting.close()
    }

    public var pid: Int32 { process.process.processIdentifier }

    public func signal(_ number: Int32) { kill(pid, number) }

    /// What it has printed so far.
    public var printed: String { output.withLock { String(decoding: $0.standard, as: UTF8.self) } }

    /// Waits for its end.
    public func result() async -> Result {
        var code: Int32 = -1
        for await value in ended { code = value }
        // What was printed last may still be on its way through the pipes.
        while !output.withLock({ _ in closedPipes.withLock { $0 == 2 } }) {
            try? await Task.sleep(for: .milliseconds(2))
        }
        return output.withLock {
            Result(
                code: code, output: String(decoding: $0.standard, as: UTF8.self),
                error: String(decoding: $0.error, as: UTF8.self))
        }
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

    private let closedPipes: Mutex<Int> = Mutex(0)

    private func collect(_ handle: FileHandle, _ target: any WritableKeyPath<Output, Data> & Sendable) {
        handle.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                self?.closedPipes.withLock { $0 += 1 }
            } else {
                self?.output.withLock { $0[keyPath: target].append(data) }
            }
        }
    }

    /// Runs a program to its end.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String], input: Data? = nil
    ) async throws -> Result {
        try await RunningProgram(program, arguments, environment: environment, input: input).result()
    }
}
