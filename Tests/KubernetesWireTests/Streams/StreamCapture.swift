import Foundation
import KubernetesWire
import Testing

/// A captured connection: what was agreed, what each side sent read by read, and what is to be read out of it. Written by
/// Tests/Environment/streams/capture.py; the part below the line by the test itself (`BYLINE_REWRITE_CAPTURES=1`).
struct StreamCapture: CustomTestStringConvertible, Sendable {
    let name: String
    let streamProtocol: StreamProtocol
    let steps: [StreamStep]
    let expected: String
    private let file: URL
    private let given: Substring

    var testDescription: String { name }

    /// All of them, by name.
    static let all: [StreamCapture] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Captures")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.compactMap { try? StreamCapture($0) }
    }()

    private struct Unreadable: Error {}

    private init(_ file: URL) throws {
        self.file = file
        name = file.deletingPathExtension().lastPathComponent
        let text = try String(contentsOf: file, encoding: .utf8)
        guard let line = text.range(of: "----------\n") else { throw Unreadable() }
        given = text[..<line.lowerBound]
        expected = String(text[line.upperBound...])
        let lines = given.split(separator: "\n")
        steps = lines.compactMap { StreamStep($0) }
        guard let request = lines.first, let agreed = try Self.agreed(request, headers: lines.dropFirst()) else {
            throw Unreadable()
        }
        streamProtocol = agreed
    }

    private static func agreed(_ request: Substring, headers: some Sequence<Substring>) throws -> StreamProtocol? {
        func header(_ name: String) -> String? {
            headers.first { $0.lowercased().hasPrefix("\(name):") }.map {
                $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
            }
        }
        let words = request.split(separator: " ")
        guard words.count == 2 else { throw Unreadable() }
        let target = try RequestTarget(String(words[1]))
        return StreamProtocol(
            info: try RequestInfo(method: String(words[0]), target: target), query: target.query,
            answer: StreamProtocol.Answer(
                upgrade: header("upgrade"), subprotocol: header("sec-websocket-protocol")))
    }

    /// Puts another expectation into the file.
    func rewrite(_ transcript: String) throws {
        try "\(given)----------\n\(transcript)".write(to: file, atomically: true, encoding: .utf8)
    }
}

/// What one side sent in one go.
struct StreamStep: Hashable, Sendable {
    let side: StreamSide
    let bytes: [UInt8]

    init(_ side: StreamSide, _ bytes: [UInt8]) {
        self.side = side
        self.bytes = bytes
    }

    /// Reads `> HEX` or `< HEX`; nil for any other line.
    init?(_ line: Substring) {
        guard line.hasPrefix("> ") || line.hasPrefix("< ") else { return nil }
        side = line.first == ">" ? .caller : .cluster
        let digits = Array(line.dropFirst(2))
        bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
    }
}
