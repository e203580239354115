import LocalState
import TestSupport
import Testing
import Vocabulary

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
