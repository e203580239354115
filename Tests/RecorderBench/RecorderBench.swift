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
///     recorder-bench FOLDER      FOLDER is on the disk that is to be measured; it is written to, and emptied again
@main struct RecorderBench {
    /// Writers at once.
    private static let writers = [1, 10, 100, 1_000]
    private static let exchanges = 100_000
    private static let megabytes = 512

    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: recorder-bench FOLDER")
            exit(2)
        }
        let folder = CommandLine.arguments[1]
        let caller = try await BenchCaller()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        print("the recorder alone: what recording adds to an exchange, its digest included; CPU")
        try await cost("a read of 1 KiB", folder, caller, group, bodies: exchanges, length: 1 << 10)
        try await cost("bodies of 1 MiB", folder, caller, group, bodies: megabytes, length: 1 << 20)
        print("group commit: how long an opening waits until it is durable; a read does not wait")
        print("    writers    p50 ms    p99 ms  openings/s")
        for count in writers { try await commit(folder, caller, group, writers: count) }
        try await group.shutdownGracefully()
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
            let before = cpu()
            try await Feeding.run(recorder, on: group.next(), try caller.permit("get"), bodies: bodies, length: length)
            while try plainSegments(journal) > 1 { try await Task.sleep(for: .milliseconds(20)) }
            times.append(cpu() - before)
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

    /// Seconds of CPU of all threads so far.
    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
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
