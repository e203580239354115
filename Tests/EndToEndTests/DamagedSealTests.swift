import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// A seal that is not what the gateway wrote gives nothing back and says so; what is recorded masked is shown all the same.
    @Suite struct DamagedSealTests {
        @Test func aSealThatWasAlteredCutOrMovedGivesNothingBackAndSaysWhy() async throws {
            let scene = try await Scene()
            let (exchange, other) = (scene.exchanges[0], scene.exchanges[1])
            let journal = try scene.journal()
            let seal = try #require(journal.seals(of: exchange).first)
            let others = try #require(journal.seals(of: other).first)
            let lines = try seal.lines()
            #expect(lines.count == 2 && seal.content.count == others.content.count)

            // Every part of either line, so that nothing of a seal is without a guard.
            let wrapping = try #require(try JSON(parsing: lines[0])["keys"]?.array?.first)
            for (field, line) in [("encapsulated", 1), ("wrapped", 1), ("originals", 2)] {
                let text = try #require(
                    field == "originals" ? JSON(parsing: lines[1])[field]?.string : wrapping[field]?.string)
                // Its beginning, its middle and its end: of the originals nonce, ciphertext and tag.
                for place in [0, text.utf8.count / 2, text.utf8.count - 6] {
                    try scene.write(seal.altering(text, at: place), over: seal)
                    try await scene.expect("line \(line) of the seal is not what the gateway wrote for this exchange")
                }
            }
            try scene.write(seal.replacing("\"wrapped\"", "\"wrappet\""), over: seal)
            try await scene.expect("line 1 of the seal is not what the gateway wrote for this exchange")
            try scene.write(seal.replacing("\"keys\"", "\"kezs\""), over: seal)
            try await scene.expect("line 1 of the seal is not what the gateway wrote for this exchange")
            try scene.write(seal.replacing("{\"originals\"", "<\"originals\""), over: seal)
            try await scene.expect("line 2 of the seal is not what the gateway wrote for this exchange")
            let id = try #require(wrapping["id"]?.string)
            try scene.write(seal.altering(id, at: 3), over: seal)
            try await scene.expect("the originals are sealed to other auditors' keys, not to this identity")

            // Cut: of the same length on disk, with a line less.
            try scene.write(lines[0] + [10] + [UInt8](repeating: 10, count: lines[1].count + 1), over: seal)
            try await scene.expect("the seal has 1 lines where the record counts 2")
            try scene.write([UInt8](repeating: 10, count: seal.content.count), over: seal)
            try await scene.expect("the seal has 0 lines where the record counts 2")

            // Moved: a whole seal of another exchange, sealed to the same auditor.
            try scene.write(others.content, over: seal)
            try await scene.expect("line 1 of the seal is not what the gateway wrote for this exchange")
            try scene.write(lines[0] + [10] + (try others.lines())[1] + [10], over: seal)
            try await scene.expect("line 2 of the seal is not what the gateway wrote for this exchange")

            // The record that the originals belong into has no mask there.
            try scene.write(seal.content, over: seal)
            let body = try #require(journal.bodies(of: exchange).first)
            try scene.write(body.replacing("YnlsaW5lOm1hc2tlZDpobWFj", "YnlsaW5lOm1hc2tlZDpobWFi"), over: body)
            try await scene.expect("the seal does not fit what is recorded", isRecordAsItWas: false)
            try scene.write(body.content, over: body)
            let restored = try await scene.show(["--response", "--unseal", "--identity", scene.key])
            #expect(restored.code == 0 && restored.output == scene.originals[0], "\(restored.error)")
            await scene.gateway.stop()
        }

        @Test func aSealThatTheJournalItselfFindsDamagedIsNamed() async throws {
            let scene = try await Scene()
            let journal = try scene.journal()
            let seal = try #require(journal.seals(of: scene.exchanges[0]).first)
            let others = try #require(journal.seals(of: scene.exchanges[1]).first)
            try scene.write(seal.altering("originals", at: 0), over: seal, isChecked: false)
            try await scene.expect("the journal no longer holds it as it was written")
            // Another exchange's frame as a whole stands in its place.
            try scene.write(others.content, head: others.head, over: seal)
            try await scene.expect("the journal no longer holds it as it was written")
            await scene.gateway.stop()
        }

        // MARK: parts

        /// A gateway that has recorded the reading of two Secrets, whose seals are equally long.
        final class Scene {
            let gateway: ServedGatewayUnderTest
            let keys: TemporaryFolder
            let key: String
            private(set) var exchanges: [String] = []
            /// What the cluster answered.
            private(set) var originals: [String] = []
            private let byline: ([String]) async throws -> RunningProgram.Result
            private let masked: String

            init() async throws {
                let environment = try EndToEnd.environment()
                keys = try TemporaryFolder()
                key = "\(keys.path)/auditor.key"
                let auditor = try await UnsealTests.generateKey(key)
                gateway = try await ServedGatewayUnderTest.start(
                    environment, more: "masking: {sealTo: [\"\(auditor)\"]}")
                let caller = try gateway.kubeconfig(for: "dora")
                for _ in 0..<2 {
                    let name = "damaged-\(UUID().uuidString.lowercased())"
                    _ = try await UnsealTests.kubectl(
                        environment, environment.kubeconfig,
                        ["create", "secret", "generic", name, "--from-literal=password=\(UUID().uuidString)"])
                    let path = "/api/v1/namespaces/default/secrets/\(name)"
                    let direct = try await UnsealTests.kubectl(
                        environment, environment.kubeconfig, ["get", "--raw", path])
                    originals.append(direct.output)
                    _ = try await UnsealTests.kubectl(environment, caller, ["get", "--raw", path])
                    _ = try await UnsealTests.kubectl(environment, environment.kubeconfig, ["delete", "secret", name])
                    let exchange = try await gateway.recorded().last {
                        $0["open"]?["requestInfo"]?["name"]?.string == name && $0["close"] != nil
                    }
                    exchanges.append(try #require(exchange?["open"]?["exchange"]?.string))
                }
                byline = try await UnsealTests.signIn(gateway)
                masked = try await byline(["show", exchanges[0], "--response"]).output
            }

            func show(_ options: [String]) async throws -> RunningProgram.Result {
                try await byline(["show", exchanges[0]] + options)
            }

            func journal() throws -> JournalOnDisk { try JournalOnDisk("\(gateway.folder.path)/state/journal") }

            /// Puts other bytes of the same length into a chunk, and makes its frame's checksum right unless told otherwise.
            func write(
                _ content: [UInt8], head: [UInt8]? = nil, over chunk: JournalOnDisk.Chunk, isChecked: Bool = true
            ) throws {
                try #require(content.count == chunk.content.count)
                let payload = (head ?? chunk.head) + content
                let file = try FileHandle(forUpdating: URL(fileURLWithPath: chunk.path))
                defer { try? file.close() }
                if isChecked {
                    try file.seek(toOffset: UInt64(chunk.offset + 4))
                    let checksum = JournalOnDisk.checksum([JournalOnDisk.chunkKind] + payload)
                    try file.write(contentsOf: Data((0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) }))
                }
                try file.seek(toOffset: UInt64(chunk.offset + 9))
                try file.write(contentsOf: Data(payload))
            }

            /// An auditor who checks the whole journal is told the same, of what is the seal's own fault.
            private func expectOfJournal(_ sentence: String, at place: SourceLocation) async throws {
                let isForOthers = sentence.contains("to other auditors")
                guard isForOthers || sentence.hasPrefix("line ") || sentence.hasPrefix("the seal has ") else { return }
                let report = try await RunningProgram.run(
                    "\(gateway.environment.programs)/byline-gateway",
                    ["fsck", "\(gateway.folder.path)/state/journal", "--identity", key], environment: [:])
                let said =
                    isForOthers
                    ? "1 opened with this identity; 1 are for other auditors only"
                    : "exchange \(exchanges[0]): \(sentence)"
                #expect(report.output.contains(said), "\(report)", sourceLocation: place)
                #expect(report.code == (isForOthers ? 0 : 1), "\(report)", sourceLocation: place)
            }

            /// Unsealing fails with one sentence that says this and a hint, and the masked record is shown as it was.
            func expect(_ sentence: String, isRecordAsItWas: Bool = true, at line: Int = #line) async throws {
                let place = SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1)
                let refused = try await show(["--response", "--unseal", "--identity", key])
                #expect(refused.code == 1 && refused.output.isEmpty, "\(refused)", sourceLocation: place)
                let words = refused.error.split(separator: "\n")
                #expect(words.count == 2 && words[0].contains(sentence), "\(refused.error)", sourceLocation: place)
                #expect(words.last?.hasPrefix("hint: ") == true, "\(refused.error)", sourceLocation: place)
                #expect(words.first?.contains(exchanges[0]) == true, "\(refused.error)", sourceLocation: place)
                try await expectOfJournal(sentence, at: place)
                guard isRecordAsItWas else { return }
                let shown = try await show(["--response"])
                #expect(shown.code == 0 && shown.output == masked, "\(shown.error)", sourceLocation: place)
                let page = try await show([])
                #expect(
                    page.code == 0 && page.output.contains("YnlsaW5lOm1hc2tlZDpobWFj"), "\(page)", sourceLocation: place
                )
            }
        }
    }
}

/// The chunks of a journal, as its format describes them; read here on its own, so that a test can put others in their place.
struct JournalOnDisk {
    struct Chunk {
        let path: String
        /// Where its frame begins in the file.
        let offset: Int
        /// What its payload says before the bytes.
        let head: [UInt8]
        let content: [UInt8]

        var exchange: ArraySlice<UInt8> { head[0..<16] }
        var channel: UInt8 { head[17] }

        func lines() throws -> [[UInt8]] { content.split(separator: 10).map(Array.init) }

        /// The content with one text in place of another of the same length.
        func replacing(_ text: String, _ other: String) throws -> [UInt8] {
            let range = try #require(Data(content).range(of: Data(text.utf8)))
            return content[..<range.lowerBound] + Array(other.utf8) + content[range.upperBound...]
        }

        /// The content with one character of a text in it altered.
        func altering(_ text: String, at place: Int) throws -> [UInt8] {
            var characters = Array(text.utf8)
            characters[place] = characters[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            return try replacing(text, String(decoding: characters, as: UTF8.self))
        }
    }

    static let chunkKind: UInt8 = 3
    private static let headerLength = 48
    private static let sealedChannel: UInt8 = 11
    private static let bodyChannel: UInt8 = 1
    private var chunks: [Chunk] = []

    init(_ folder: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name.hasSuffix(".byl") {
            let path = "\(folder)/\(name)"
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            var offset = Self.headerLength
            while offset + 9 <= bytes.count {
                let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
                let payload = Array(bytes[(offset + 9)..<(offset + 9 + length)])
                if bytes[offset + 8] == Self.chunkKind {
                    chunks.append(
                        Chunk(path: path, offset: offset, head: Array(payload[..<34]), content: Array(payload[34...])))
                }
                offset += 9 + length
            }
        }
    }

    func seals(of exchange: String) -> [Chunk] { all(of: exchange, Self.sealedChannel) }

    func bodies(of exchange: String) -> [Chunk] { all(of: exchange, Self.bodyChannel) }

    private func all(of exchange: String, _ channel: UInt8) -> [Chunk] {
        let id = exchange.replacingOccurrences(of: "-", with: "")
        return chunks.filter { $0.channel == channel && $0.exchange.map { String(format: "%02x", $0) }.joined() == id }
    }

    /// CRC-32C (RFC 3720 §B.4).
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0x82F6_3B78) }
        }
    }
}
