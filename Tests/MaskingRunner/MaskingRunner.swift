import Foundation
import KubernetesWire
import Masking
import NIOCore

/// Runs the masking rules over a body, for measuring. Not shipped.
///
///     masking-runner PATH CONTENT-TYPE < BODY
///
/// PATH is the request's, by which the rules are chosen. The body is taken in pieces of 64 KiB. Prints how many bytes came
/// out, how many values were masked, and how many seconds of CPU the rules took, without the reading.
@main struct MaskingRunner {
    static func main() throws {
        let arguments = CommandLine.arguments
        let policy = MaskingPolicy(MaskingConfiguration(), keys: try MaskKeys(file: MaskKeys.generateFile()))
        let request = try RequestInfo(method: "GET", target: RequestTarget(arguments[1]))
        var masker = try policy.plan(for: request, cluster: "c", session: "s").responseMasker(
            contentType: arguments[2], contentEncoding: nil)
        var (length, masked, seconds) = (0, 0, 0.0)
        while true {
            let bytes = try FileHandle.standardInput.read(upToCount: 65_536) ?? Data()
            let buffer = ByteBuffer(bytes: bytes)
            let began = clock()
            let piece = try bytes.isEmpty ? masker.finish() : masker.consume(buffer)
            seconds += Double(clock() - began) / Double(CLOCKS_PER_SEC)
            length += piece.delivered.bytes.readableBytes
            masked += piece.maskings.count
            if bytes.isEmpty { break }
        }
        print(length, masked, seconds)
    }
}
