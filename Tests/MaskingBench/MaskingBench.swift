import Foundation
import KubernetesWire
import Masking
import NIOCore

/// Measures the masking rules alone: megabytes that a core masks in a second, and the most memory that was held beside the
/// input. Not shipped.
///
///     masking-bench MEGABYTES [pods|secrets|logs]
@main struct MaskingBench {
    /// As a read from a connection brings them.
    private static let pieceLength = 64 << 10

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2, let megabytes = Int(arguments[1]), megabytes > 0 else {
            print("usage: masking-bench MEGABYTES [pods|secrets|logs]")
            exit(2)
        }
        let policy = MaskingPolicy(MaskingConfiguration(), keys: try MaskKeys(file: MaskKeys.generateFile()))
        print("masked                 MB  MB/s per core  masks  memory MiB")
        for body in BenchBody.allCases where arguments.count == 2 || arguments[2] == "\(body)" {
            let bytes = body.bytes(megabytes * 1_000_000)
            let request = try RequestInfo(method: "GET", target: RequestTarget(body.target))
            let plan = policy.plan(for: request)
            var masker = try plan.responseMasker(contentType: body.contentType, contentEncoding: nil)
            guard masker.mayChange else { throw NotMasked(what: body.rawValue) }
            let before = forgetPeakMemory()
            let began = processorSeconds()
            var masks = 0
            var rest = bytes
            while let piece = rest.readSlice(length: min(pieceLength, rest.readableBytes)), piece.readableBytes > 0 {
                masks += try masker.consume(piece).maskings.count
            }
            masks += try masker.finish().maskings.count
            let seconds = processorSeconds() - began
            let rate = Double(bytes.readableBytes) / 1_000_000 / seconds
            let memory = Double(peakMemory() - before) / 1_024
            print(
                body.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
                    + String(format: "%5d  %13.0f  %5d  %10.1f", bytes.readableBytes / 1_000_000, rate, masks, memory))
        }
    }

    /// Seconds of processor time that this process has used.
    private static func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    /// Lets the most memory that was held be what is held now (proc(5)), and returns that, in KiB.
    private static func forgetPeakMemory() -> Int {
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        return peakMemory()
    }

    /// The most memory that the process has held, in KiB; Linux tells it.
    private static func peakMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

/// A body that the rules look at and leave as it is would make a row that says nothing.
struct NotMasked: Error { let what: String }
