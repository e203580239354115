import Authorization
import Crypto
import Foundation
import KubernetesWire
import Masking
import NIOCore
import NIOPosix
import Recording
import Vocabulary

/// Measures what recording adds to an exchange: the recorder alone, fed as the gateway feeds it, with nothing forwarded. Not
/// shipped.
///
///     recorder-bench FOLDER                FOLDER is on the disk that is to be measured; it is written to, and emptied again
///     recorder-bench FOLDER BODY TARGET    takes the JSON of a file through masking and recording, as the answer to a GET of
///                                          TARGET, several times; prints for each its bytes, the seconds of CPU without
///                                          reading and sealing, and by how many bytes memory grew at most
@main struct RecorderBench {
    /// Writers at once.
    private static let writers = [1, 10, 100, 1_000]
    private static let exchanges = 100_000
    private static let megabytes = 512
    /// The first of them pay for memory that the process and the system's cache of files never had before.
    private static let passes = 10

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let folder = arguments.first, arguments.count == 1 || arguments.count == 3 else {
            print("usage: recorder-bench FOLDER [BODY TARGET]")
            exit(2)
        }
        let caller = try await BenchCaller()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        if arguments.count == 3 {
            return try await pass(folder, caller, group, body: arguments[2], try RequestTarget(arguments[3]))
        }
        print("the recorder alone: what recording adds to an exchange, its digest included; CPU")
        try await cost("a read of 1 KiB", folder, caller, group, bodies: exchanges, length: 1 << 10)
        try await cost("bodies of 1 MiB", folder, caller, group, bodies: megabytes, length: 1 << 20)
        print("group commit: how long an opening waits until it is durable; a read does not wait")
        print("    writers    p50 ms    p99 ms  openings/s")
        for count in writers { try await commit(folder, caller, group, writers: count) }
        try await group.shutdownGracefully()
    }

    // MARK: masking and recording

    private static func pass(
        _ folder: String, _ caller: BenchCaller, _ group: MultiThreadedEventLoopGroup, body: String,
        _ target: RequestTarget
    ) async throws {
        let journal = "\(folder)/journal"
        var configuration = RecorderConfiguration()
        configuration.segmentBytes = .max
        let idle = ProcessMemory.peak()
        for _ in 0..<passes {
            let recorder = try Recorder(folder: journal, configuration: configuration)
            let cost = try await Passing.run(
                recorder, on: group.next(), try caller.permit("list"), body: body, target: target)
            print(cost.bytes, cost.seconds, ProcessMemory.peak() - idle)
            try FileManager.default.removeItem(atPath: journal)
        }
    }

    // MARK: CPU

    private static func cost(
        _ name: String, _ folder: String, _ caller: BenchCaller, _ group: MultiThreadedEventLoopGroup, bodies: Int,
        length: Int
    ) async throws {
        let journal = "\(folder)/journal"
        /// What is fed without ever filling a segment is not sealed.
        var fed = RecorderConfiguration()
        fed.segmentBytes = .max
        var times: [Double] = []
        for configuration in [fed, RecorderConfiguration()] {
            try? FileManager.default.removeItem(atPath: journal)
            let recorder = try Recorder(folder: journal, configuration: configuration)
            let before = ProcessCPU.nanoseconds()
            try await Feeding.run(recorder, on: group.next(), try caller.permit("get"), bodies: bodies, length: length)
            while try plainSegments(journal) > 1 { try await Task.sleep(for: .milliseconds(20)) }
            times.append(Double(ProcessCPU.nanoseconds() - before) / 1e9)
            await recorder.stop()
        }
        let (feeding, sealing) = (times[0], times[1] - times[0])
        let megabytes = Double(bodies * length) / 1e6
        func cost(_ seconds: Double) -> String {
            "\(round(seconds / Double(bodies) * 1e6)) µs each, \(round(seconds / megabytes * 1e3)) ms a MB"
        }
        print("  \(pad(name, 18))\(cost(feeding)); in the background, sealing: \(cost(sealing))")
        try FileManager.default.removeItem(atPath: journal)
    }

    private static func plainSegments(_ journal: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: journal).count { $0.hasSuffix(".byl") }
    }

    // MARK: group commit

    private static func commit(
        _ folder: String, _ caller: BenchCaller, _ group: MultiThreadedEventLoopGroup, writers: Int
    ) async throws {
        let journal = "\(folder)/journal"
        let recorder = try Recorder(folder: journal)
        let began = ContinuousClock.now
        let permit = try caller.permit("create")
        let waits = try await Committing.run(recorder, on: group.next(), permit, writers: writers)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await recorder.stop()
        let sorted = waits.sorted()
        func percentile(_ part: Double) -> String {
            "\(round(Double(sorted[Int(Double(sorted.count - 1) * part)]) / 1e6))"
        }
        print(
            padLeft("\(writers)", 11) + padLeft(percentile(0.5), 10) + padLeft(percentile(0.99), 10)
                + padLeft("\(Int(Double(sorted.count) / seconds))", 12))
        try FileManager.default.removeItem(atPath: journal)
    }

    // MARK: figures

    private static func round(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
