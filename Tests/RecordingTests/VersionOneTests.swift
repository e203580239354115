import Foundation
import Testing
import Vocabulary

@testable import Recording

/// The journal in `Journals/version-1` was written by the first version that sealed segments, and is never made anew: each
/// later reader must open it. Three runs, the first of which was killed: segments 1 and 2 are sealed, 3 is plain.
@Suite struct VersionOneTests {
    /// A copy, which may be written.
    private func copy() throws -> (folder: URL, journal: String) {
        let source = try #require(Bundle.module.resourceURL?.appending(path: "Journals/version-1"))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("byline-test-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let journal = folder.appendingPathComponent("journal")
        try FileManager.default.copyItem(at: source, to: journal)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: journal.path)
        return (folder, journal.path)
    }

    @Test func itIsReadToItsLastByte() throws {
        let (folder, journal) = try copy()
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = try JournalCheck.run(journal, repair: false)
        #expect(report.problems == [])
        #expect(report.segments.map(\.isSealed) == [true, true, false])
        #expect(report.frames == ["chunk": 26, "close": 17, "decision": 3, "gateway": 5, "open": 17, "session": 3])
        #expect(report.exchanges.closed == 17)
        #expect(report.exchanges.bodiesVerified == 17)
        #expect(report.pieces.count == 1)
    }

    @Test func itsExchangesAndBodiesAreFound() throws {
        let (folder, journal) = try copy()
        defer { try? FileManager.default.removeItem(at: folder) }
        let content = try JournalContent(journal)
        var reader = JournalReader(folder: journal)
        var long = 0
        while let frame = try reader.next() {
            guard frame.kind == .open, let id = try JSON(parsing: frame.payload)["exchange"]?.string else { continue }
            let count = content.bytes(of: try #require(ExchangeID(id))).count
            #expect(count == 1_024 || count == 1 << 20)
            if count == 1 << 20 { long += 1 }
        }
        // Stored once.
        #expect(long == 3)
    }

    @Test func aGatewayGoesOnWithIt() async throws {
        let (folder, journal) = try copy()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recorder = try Recorder(folder: journal)
        #expect(!recorder.recovery.wasCrash)
        #expect(recorder.recovery.unknown == [])
        recorder.settle()
        await recorder.stop()
        let report = try JournalCheck.run(journal, repair: false)
        #expect(report.segments.map(\.isSealed) == [true, true, true, false])
    }
}
