import LocalState
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Recording

@Suite struct JournalReaderTests {
    @Test func aReaderFollowsTheJournalAndIsWokenForNewFrames() async throws {
        let bench = try RecordingBench()
        var reader = JournalReader(folder: bench.folder.path)
        #expect(try reader.next()?.kind == .gateway)
        #expect(try reader.next() == nil)
        let wakes = Atomic<Int>(0)
        bench.recorder.follow { wakes.add(1, ordering: .relaxed) }
        let id = bench.mint()
        #expect(try await bench.open(id, verb: "create") == nil)
        let frame = try #require(try reader.next())
        #expect(frame.kind == .open)
        #expect(try JSON(parsing: frame.payload)["exchange"]?.string == id.description)
        #expect(frame.end == reader.position)
        #expect(try reader.next() == nil)
        await bench.recorder.stop()
        #expect(wakes.load(ordering: .relaxed) > 0)
    }

    @Test func aReaderGoesOnFromAPositionThatItKept() async throws {
        let bench = try RecordingBench()
        for _ in 0..<3 { #expect(try await bench.open(bench.mint(), verb: "create") == nil) }
        await bench.recorder.stop()
        var reader = JournalReader(folder: bench.folder.path)
        var frames: [JournalFrame] = []
        while let frame = try reader.next() { frames.append(frame) }
        for (index, frame) in frames.enumerated() {
            var later = JournalReader(folder: bench.folder.path, from: frame.end)
            #expect(try later.next()?.position == frames.dropFirst(index + 1).first?.position)
            reader.seek(to: frame.position)
            #expect(try reader.next()?.payload == frame.payload)
        }
    }

    @Test func aSegmentWithoutAWholeHeaderIsPassedOver() async throws {
        let bench = try RecordingBench()
        await bench.recorder.stop()
        let unfinished = "\(bench.folder.path)/0000000002.byl"
        try PrivateFile.create(unfinished, with: Array(JournalFormat.magic.prefix(5)))
        var reader = JournalReader(folder: bench.folder.path)
        while try reader.next() != nil {}
        let header = JournalFormat.header(origin: [UInt8](repeating: 1, count: 16), segment: 3, time: .now())
        var frames = FrameWriter()
        frames.gateway(.started, time: .now())
        try PrivateFile.create("\(bench.folder.path)/0000000003.byl", with: header + frames.take())
        #expect(try reader.next()?.position.segment == 3)
        #expect(try reader.next() == nil)
    }
}
