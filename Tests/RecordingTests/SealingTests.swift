import Foundation
import LocalState
import NIOCore
import TestSupport
import Testing
import Vocabulary

@testable import Masking
@testable import Recording

@Suite struct SealingTests {
    /// Frames as readers see them.
    private func frames(
        _ folder: String, from position: JournalPosition = .start,
        by next: (inout JournalReader) throws -> JournalFrame? = { try $0.next() }
    ) throws -> [JournalFrame] {
        var reader = JournalReader(folder: folder, from: position)
        var frames: [JournalFrame] = []
        while let frame = try next(&reader) { frames.append(frame) }
        return frames
    }

    /// The outline of a journal, sealed or not, has every frame where it is, and of each chunk what it says.
    private func expectOutline(_ folder: String) throws {
        let whole = try frames(folder)
        let outline = try frames(folder) { try $0.nextOutline() }
        #expect(outline.map(\.position) == whole.map(\.position))
        #expect(outline.map(\.length) == whole.map(\.payload.count))
        var passedOver = 0
        for (frame, outlined) in zip(whole, outline) {
            #expect(frame.payload.starts(with: outlined.payload) && frame.end == outlined.end)
            guard frame.payload.count > outlined.payload.count else { continue }
            passedOver += 1
            #expect(RecordedChunk(frame)?.offset == RecordedChunk(outlined)?.offset)
            #expect(RecordedChunk(frame)?.count == RecordedChunk(outlined)?.count)
        }
        #expect(passedOver > 20)
    }

    private static func small() -> RecorderConfiguration {
        var configuration = RecorderConfiguration()
        configuration.segmentBytes = 6_000
        return configuration
    }

    @Test func fullSegmentsAreSealedAndReadTheSameUnderTheSamePositions() async throws {
        let bench = try RecordingBench(configuration: Self.small())
        let ids = (0..<40).map { _ in bench.mint() }
        for id in ids { try await bench.whole(id, response: "body of \(id)") }
        // What is sealed meanwhile is read across.
        let before = try frames(bench.folder.path)
        bench.recorder.settle()
        let folder = JournalFolder(path: bench.folder.path)
        #expect(try folder.sealedSegments().count >= 5)
        #expect(try folder.plainSegments().count == 1)
        let after = try frames(bench.folder.path)
        let isSame = zip(before, after).allSatisfy { $0.position == $1.position && $0.payload == $1.payload }
        #expect(isSame && before.count > 100)
        for frame in after {
            var reader = JournalReader(folder: bench.folder.path, from: frame.position)
            #expect(try reader.next()?.payload == frame.payload)
        }
        let content = try JournalContent(bench.folder.path)
        for id in ids { #expect(content.text(of: id) == "body of \(id)") }
        await bench.recorder.stop()
        let report = try JournalCheck.run(bench.folder.path, repair: false)
        #expect(report.problems == [])
        #expect(report.exchanges.closed == 40)
    }

    @Test func equalBodiesAreStoredOnce() async throws {
        var configuration = RecorderConfiguration()
        configuration.segmentBytes = 4 << 20
        let bench = try RecordingBench(configuration: configuration)
        var generator = SystemRandomNumberGenerator()
        let body = (0..<2_500_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let ids = (0..<6).map { _ in bench.mint() }
        // However they are cut into chunks.
        for (index, id) in ids.enumerated() {
            try await bench.whole(id, response: body, chunk: 100_000 + 7_919 * index)
        }
        try expectOutline(bench.folder.path)
        try await bench.rotate()
        try expectOutline(bench.folder.path)
        let folder = JournalFolder(path: bench.folder.path)
        let onDisk = try folder.sealedSegments().map { JournalFolder.size(folder.sealed($0)) }.reduce(0, +)
        let pieces = try PieceStore(folder: folder).allFiles()
        #expect(pieces.count <= 3)
        // Where a segment ended within a piece, that piece is not kept apart.
        #expect(onDisk < 6 << 20)
        let content = try JournalContent(bench.folder.path)
        for id in ids {
            let isSame = content.bytes(of: id) == body
            #expect(isSame)
        }
        await bench.recorder.stop()
        #expect(try JournalCheck.run(bench.folder.path, repair: false).isClean)
    }

    @Test func whatIsOpenIsFoundThroughSealedSegmentsAfterACrash() async throws {
        let bench = try RecordingBench(configuration: Self.small())
        let open = bench.mint()
        #expect(try await bench.open(open, verb: "create") == nil)
        for _ in 0..<20 { try await bench.whole(bench.mint(), response: "x") }
        bench.recorder.settle()
        let copy = try TemporaryFolder()
        let crashed = "\(copy.path)/journal"
        try FileManager.default.copyItem(atPath: bench.folder.path, toPath: crashed)
        let recorder = try Recorder(folder: crashed)
        #expect(recorder.recovery.unknown == [open])
        #expect(recorder.recovery.wasCrash)
        await recorder.stop()
        #expect(try JournalCheck.run(crashed, repair: false).problems == [])
        await bench.recorder.stop()
    }

    @Test func whatAnInterruptedSealingLeftIsMadeAnew() async throws {
        let bench = try RecordingBench()
        let id = bench.mint()
        try await bench.whole(id, response: "hello")
        await bench.recorder.stop()
        let folder = JournalFolder(path: bench.folder.path)
        try PrivateFile.create(folder.sealed(1) + JournalFolder.draftEnding, with: [1, 2, 3])
        // Renamed, and the plain form still there.
        try PrivateFile.create(folder.sealed(1), with: [4, 5, 6])
        let recorder = try Recorder(folder: bench.folder.path)
        recorder.settle()
        #expect(try folder.plainSegments() == [2])
        #expect(try JournalFolder.names(in: folder.path).allSatisfy { !$0.hasSuffix(JournalFolder.draftEnding) })
        let content = try JournalContent(bench.folder.path)
        #expect(content.text(of: id) == "hello")
        await recorder.stop()
    }

    @Test func noDamageToASealedSegmentGoesUnnoticed() async throws {
        let bench = try RecordingBench()
        for _ in 0..<3 { try await bench.whole(bench.mint(), response: "hello") }
        await bench.recorder.stop()
        let next = try Recorder(folder: bench.folder.path)
        next.settle()
        await next.stop()
        let folder = JournalFolder(path: bench.folder.path)
        let path = folder.sealed(1)
        let good = try PrivateFile.readShared(path)
        #expect(try JournalCheck.run(folder.path, repair: false).isClean)
        // The time in the header is of no account for what was recorded, but its checksum covers it too.
        for offset in stride(from: 0, to: good.count, by: 3) {
            var bad = good
            bad[offset] ^= 0x10
            try PrivateFile.replaceAtomically(path, with: bad)
            let report = try JournalCheck.run(folder.path, repair: false)
            #expect(!report.isClean, "a changed byte at \(offset) was not seen")
            #expect(report.problems.first?.file == "0000000001.byz")
        }
    }
}
