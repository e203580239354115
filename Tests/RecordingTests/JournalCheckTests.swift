import Crypto
import LocalState
import NIOCore
import TestSupport
import Testing
import Vocabulary

@testable import KubernetesWire
@testable import Masking
@testable import Recording

@Suite struct JournalCheckTests {
    private func journal() async throws -> (folder: TemporaryFolder, segment: String, bytes: [UInt8]) {
        let bench = try RecordingBench()
        for _ in 0..<3 { try await bench.whole(bench.mint(), response: "hello") }
        await bench.recorder.stop()
        let segment = "\(bench.folder.path)/0000000001.byl"
        return (bench.folder, segment, try PrivateFile.readShared(segment))
    }

    @Test func aWholeJournalIsClean() async throws {
        let (folder, _, bytes) = try await journal()
        let report = try JournalCheck.run(folder.path, repair: false)
        #expect(report.problems == [])
        #expect(report.exchanges.closed == 3)
        #expect(report.exchanges.bodiesVerified == 3)
        #expect(report.segments.first?.goodLength == Int64(bytes.count))
        #expect(report.frames["open"] == 3)
    }

    @Test func aTornTailIsToldAndCutByRepairOnly() async throws {
        let (folder, segment, bytes) = try await journal()
        try PrivateFile.replaceAtomically(segment, with: bytes + [9, 9, 9])
        let told = try JournalCheck.run(folder.path, repair: false)
        #expect(told.problems.map(\.kind) == [.tornTail])
        #expect(told.problems.first?.offset == Int64(bytes.count))
        #expect(try PrivateFile.readShared(segment).count == bytes.count + 3)
        let repaired = try JournalCheck.run(folder.path, repair: true)
        #expect(repaired.isClean)
        #expect(repaired.cut?.bytesCut == 3)
        #expect(try PrivateFile.readShared(segment) == bytes)
    }

    @Test func aDamagedFrameIsToldWithItsPlaceAndWhatIsGoodBeforeIt() async throws {
        let (folder, segment, bytes) = try await journal()
        let reader = try SegmentReader(segment)
        var offsets: [Int64] = []
        while let frame = try reader.next() { offsets.append(frame.offset) }
        var bad = bytes
        bad[Int(offsets[4]) + 20] ^= 1
        try PrivateFile.replaceAtomically(segment, with: bad)
        // Only the last segment can be torn, so in any other this is damage.
        let next = try Recorder(folder: folder.path)
        await next.stop()
        try PrivateFile.replaceAtomically(segment, with: bad)
        let report = try JournalCheck.run(folder.path, repair: false)
        #expect(report.problems.map(\.kind) == [.damage])
        #expect(report.problems.first?.offset == offsets[4])
        #expect(report.segments.first?.frames == 4)
        #expect(report.segments.first?.goodLength == offsets[4])
    }

    @Test func aBodyThatIsNotThatOfItsDigestIsTold() async throws {
        let bench = try RecordingBench()
        let id = bench.mint()
        try await bench.whole(id, response: "hello", told: "jello")
        await bench.recorder.stop()
        let problem = try #require(try JournalCheck.run(bench.folder.path, repair: false).problems.first)
        #expect(problem.kind == .contradiction)
        #expect(problem.exchange == id)
        #expect(problem.what == "the response's bytes are not those of its digest")
    }

    private static let session: [(Direction, RecordedChannel, String)] = [
        (.request, .stream(.stdin), "ls /\n"), (.response, .stream(.stdout), "bin\n"),
        (.response, .stream(.stderr), "no\n"), (.response, .stream(.stdout), "etc\n"),
    ]

    @Test func channelsAreVerifiedByTheirDigests() async throws {
        let bench = try RecordingBench()
        try await bench.upgraded(bench.mint(), Self.session)
        try await bench.upgraded(bench.mint(), []) { $0.undecoded = [.response: "unknownProtocol"] }
        await bench.recorder.stop()
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(report.problems == [])
        #expect(report.exchanges.streamsVerified == 2)
        #expect(report.exchanges.bodiesVerified == 0)
    }

    @Test func anAlteredByteOfAChannelIsToldThoughItsChecksumIsRight() async throws {
        let bench = try RecordingBench()
        let (good, id) = (bench.mint(), bench.mint())
        try await bench.upgraded(good, Self.session)
        try await bench.upgraded(id, Self.session)
        await bench.recorder.stop()
        let segment = "\(bench.folder.path)/0000000001.byl"
        var bytes = try PrivateFile.readShared(segment)
        let reader = try SegmentReader(segment)
        while let frame = try reader.next() {
            guard let chunk = ChunkHead(frame.payload), frame.kind == .chunk, chunk.exchange == id,
                chunk.channel == .stream(.stdout), chunk.offset == 4, frame.payload.count > chunk.length
            else { continue }
            let payload = Int(frame.offset) + JournalFormat.frameOverhead
            bytes[payload + chunk.length] ^= 0x20
            let checksum = bytes[(payload - 1)..<Int(frame.end)].withUnsafeBytes { CRC32C.checksum($0) }
            withUnsafeBytes(of: checksum.littleEndian) {
                bytes.replaceSubrange((payload - 5)..<(payload - 1), with: $0)
            }
        }
        try PrivateFile.replaceAtomically(segment, with: bytes)
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        let problem = try #require(report.problems.first)
        #expect(report.problems.count == 1)
        #expect(problem.kind == .contradiction)
        #expect(problem.exchange == id)
        #expect(problem.what == "the bytes of the response's stdout are not those of its digest")
        #expect(report.exchanges.streamsVerified == 1)
    }

    @Test func whatAClosingTellsOfChannelsIsHeldAgainstTheirChunks() async throws {
        let bench = try RecordingBench()
        let ids = (0..<3).map { _ in bench.mint() }
        try await bench.upgraded(ids[0], Self.session) { $0.channels.removeAll { $0.channel == .stream(.stderr) } }
        try await bench.upgraded(ids[1], [(.request, .stream(.stdin), "x")]) { stream in
            stream.channels = stream.channels.map {
                .init(direction: $0.direction, channel: $0.channel, bytes: 2, digest: $0.digest, end: nil)
            }
        }
        try await bench.upgraded(ids[2], Self.session) { stream in
            stream.channels.removeAll { $0.channel == .stream(.stderr) }
            stream.unlisted = (1, 3)
        }
        await bench.recorder.stop()
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(
            report.problems.map(\.what) == [
                "3 bytes are recorded of channels that the closing does not list",
                "1 bytes of the request's stdin are recorded, but 2 were seen",
            ])
        #expect(report.problems.map(\.exchange) == [ids[0], ids[1]])
    }

    @Test func anInflatedResponseIsVerifiedByItsOwnDigest() async throws {
        let bench = try RecordingBench()
        let ids = [bench.mint(), bench.mint()]
        for (id, told) in zip(ids, ["inflated", "inflatee"]) {
            #expect(try await bench.open(id, verb: "create") == nil)
            try await bench.onLoop { feed in
                feed.chunk(id, .response, .body, offset: 0, Masked(ByteBuffer(string: "inflated")), elapsed: 1)
                var closing = Closing(
                    exchange: id, status: 200, outcome: .complete, requestBytes: 0, responseBytes: 3, omittedBytes: 0,
                    requestDigest: Array(SHA256.hash(data: [])), responseDigest: [1], duration: 5, failure: nil,
                    time: .now())
                closing.decoded = DecodedClosing(
                    encoding: "gzip", bytes: 8, digest: Array(SHA256.hash(data: Array(told.utf8))), isWhole: true)
                feed.close(closing)
            }
        }
        await bench.recorder.stop()
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(report.problems.map(\.exchange) == [ids[1]])
        #expect(report.problems.first?.what == "the response's inflated bytes are not those of their digest")
        #expect(report.exchanges.bodiesVerified == 1)
    }

    @Test func missingAndRepeatedFramesAreTold() async throws {
        let bench = try RecordingBench()
        let (orphan, twice) = (bench.mint(), bench.mint())
        try await bench.onLoop { $0.close(bench.closing(orphan, .complete)) }
        #expect(try await bench.open(twice, verb: "create") == nil)
        #expect(try await bench.open(twice, verb: "create") == nil)
        await bench.recorder.stop()
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(report.problems.map(\.exchange) == [orphan, twice])
    }

    @Test func aClockThatStepsBackIsNoContradiction() async throws {
        let bench = try RecordingBench()
        var generator = SystemRandomNumberGenerator()
        for hours in [0, -3, 2, -30] as [Int64] {
            let id = ExchangeID(at: Timestamp.now().advanced(bySeconds: hours * 3_600), using: &generator)
            try await bench.whole(id, response: "hello")
        }
        await bench.recorder.stop()
        let next = try Recorder(folder: bench.folder.path)
        #expect(next.recovery.unknown == [])
        await next.stop()
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(report.problems == [])
        #expect(report.exchanges.bodiesVerified == 4)
    }

    @Test func aJournalInUseIsCheckedAndNotRepaired() async throws {
        let bench = try RecordingBench()
        #expect(try await bench.open(bench.mint(), verb: "create") == nil)
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(report.isClean)
        #expect(report.isInUse)
        #expect(report.exchanges.open == 1)
        #expect(throws: RecordingFault.inUse(folder: bench.folder.path)) {
            _ = try JournalCheck.run(bench.folder.path, repair: true)
        }
        await bench.recorder.stop()
    }

    @Test func aFolderWithoutAJournalIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(throws: RecordingFault.notAJournal(path: folder.path)) {
            _ = try JournalCheck.run(folder.path, repair: false)
        }
    }
}
