import LocalState
import TestSupport
import Testing
import Vocabulary

@testable import Recording

@Suite struct RetentionTests {
    /// A journal of several sealed segments, its recorder stopped.
    private func journal() async throws -> RecordingBench {
        var configuration = RecorderConfiguration()
        configuration.segmentBytes = 6_000
        let bench = try RecordingBench(configuration: configuration)
        for _ in 0..<30 { try await bench.whole(bench.mint(), response: "x") }
        bench.recorder.settle()
        await bench.recorder.stop()
        return bench
    }

    private func sweep(_ folder: JournalFolder, _ retention: Retention, inSeconds seconds: Int64) throws -> [UInt64] {
        let sweep = RetentionSweep(
            folder: folder, retention: retention, now: Timestamp.now().advanced(bySeconds: seconds))
        return try sweep.run(isCancelled: { false }).map(\.segment)
    }

    @Test func segmentsGoWhenTheirTimeIsOverAndTheLastSealedOneStays() async throws {
        let bench = try await journal()
        let folder = JournalFolder(path: bench.folder.path)
        let sealed = try folder.sealedSegments()
        #expect(try sweep(folder, Retention(), inSeconds: 395 * 86_400) == [])
        #expect(try sweep(folder, Retention(), inSeconds: 397 * 86_400) == Array(sealed.dropLast()))
        #expect(try folder.sealedSegments() == sealed.suffix(1))
        #expect(try JournalCheck.run(folder.path, repair: false).problems == [])
    }

    @Test func theOldestGoWhenTheJournalIsTooLarge() async throws {
        let bench = try await journal()
        let folder = JournalFolder(path: bench.folder.path)
        let sealed = try folder.sealedSegments()
        var retention = Retention()
        retention.age = nil
        let sizes = try folder.segments().map {
            max(JournalFolder.size(folder.sealed($0)), JournalFolder.size(folder.segment($0)))
        }
        retention.bytes = sizes.reduce(0, +) - 1
        #expect(try sweep(folder, retention, inSeconds: 0) == [sealed[0]])
    }

    @Test func whatIsUnderLegalHoldStaysUntilItIsReleased() async throws {
        let bench = try await journal()
        let folder = JournalFolder(path: bench.folder.path)
        let holds = LegalHolds(journal: folder.path)
        let sealed = try folder.sealedSegments()
        let session = try #require(try SealedContent(folder.sealed(sealed[1])).facts().sessions.first)
        let held = try #require(SessionID(session))
        #expect(try holds.isRecorded(held))
        #expect(try !holds.isRecorded(SessionID(unchecked: "nobody")))
        try holds.place(held, by: "olivia", at: .now())
        #expect(try holds.all().map(\.session) == [held])
        let keeping = try sealed.filter { try SealedContent(folder.sealed($0)).facts().sessions.contains(session) }
        _ = try sweep(folder, Retention(), inSeconds: 397 * 86_400)
        #expect(try folder.sealedSegments() == Set(keeping + sealed.suffix(1)).sorted())
        #expect(try JournalCheck.run(folder.path, repair: false).problems == [])
        var reader = JournalReader(folder: folder.path)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count > 0)
        #expect(try holds.release(held))
        #expect(try !holds.release(held))
        _ = try sweep(folder, Retention(), inSeconds: 397 * 86_400)
        #expect(try folder.sealedSegments() == sealed.suffix(1))
    }
}
