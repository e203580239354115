import Foundation
import LocalState
import NIOCore
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Masking
@testable import Recording

#if canImport(Glibc)
    import Glibc
#endif

/// What the recorder does when the disk misbehaves.
@Suite struct FaultTests {
    @Test func aMutationOnAFullDiskIsRefusedAndServiceComesBack() async throws {
        let disk = DiskThatFillsUp()
        let bench = try RecordingBench(calls: disk.calls)
        #expect(try await bench.open(bench.mint(), verb: "create") == nil)
        disk.isFull.store(true, ordering: .sequentiallyConsistent)
        let waiting = bench.mint()
        let fault = try #require(try await bench.open(waiting, verb: "create"))
        #expect("\(fault)".contains("No space left on device"))
        // While it fails, the next one does not even wait.
        #expect(try await bench.open(bench.mint(), verb: "delete") != nil)
        #expect(try await bench.open(bench.mint(), verb: "get") != nil)
        #expect(bench.recorder.health.failure != nil)
        disk.isFull.store(false, ordering: .sequentiallyConsistent)
        try await bench.untilHealthy()
        #expect(try await bench.open(bench.mint(), verb: "create") == nil)
        await bench.recorder.stop()
        let content = try JournalContent(bench.folder.path)
        // Its opening reached the disk in the end; so did its end.
        #expect(content.exchange(waiting)?["close"]?["outcome"] == "failed")
        let gap = try #require(try bench.gatewayFrames().first { $0["event"] == "gap" })
        #expect((Int(gap["refused"]?.string ?? "") ?? 0) >= 2)
    }

    @Test func afterAFailedSyncTheSegmentIsAbandoned() async throws {
        let disk = DiskThatFailsOneSync()
        let bench = try RecordingBench(calls: disk.calls)
        disk.failNext.store(true, ordering: .sequentiallyConsistent)
        let id = bench.mint()
        #expect(try await bench.open(id, verb: "create") == nil)
        await bench.recorder.stop()
        #expect(try JournalFolder(path: bench.folder.path).segments() == [1, 2])
        let abandoned = try #require(try bench.gatewayFrames().first { $0["event"] == "abandoned" })
        #expect(abandoned["segment"] == "1")
        let content = try JournalContent(bench.folder.path)
        #expect(content.exchange(id) != nil)
        let second = try SegmentReader("\(bench.folder.path)/0000000002.byl")
        var kinds: [JournalFormat.Kind] = []
        while let frame = try second.next() { kinds.append(frame.kind) }
        #expect(kinds.contains(.open))
    }

    @Test func aRemovedFolderIsMadeAnewWithAGapTold() async throws {
        let bench = try RecordingBench()
        #expect(try await bench.open(bench.mint(), verb: "create") == nil)
        try FileManager.default.removeItem(atPath: bench.folder.path)
        let id = bench.mint()
        #expect(try await bench.open(id, verb: "create") == nil)
        #expect(try bench.gatewayFrames().contains { $0["event"] == "abandoned" })
        let content = try JournalContent(bench.folder.path)
        #expect(content.exchange(id) != nil)
        await bench.recorder.stop()
    }

    @Test func aFolderMadeReadOnlyIsRespectedEvenByRoot() async throws {
        let bench = try RecordingBench()
        chmod(bench.folder.path, 0o500)
        let fault = try #require(try await bench.open(bench.mint(), verb: "create"))
        #expect("\(fault)".contains("made read-only (mode 0500)"))
        chmod(bench.folder.path, 0o700)
        try await bench.untilHealthy()
        #expect(try await bench.open(bench.mint(), verb: "create") == nil)
        await bench.recorder.stop()
    }

    @Test func manyOpeningsShareOneSync() async throws {
        let disk = DiskThatCounts()
        let bench = try RecordingBench(calls: disk.calls)
        let before = disk.syncs.load(ordering: .sequentiallyConsistent)
        let ids = (0..<200).map { _ in bench.mint() }
        let refused = try await bench.openAll(ids, verb: "create")
        #expect(refused == 0)
        #expect(disk.syncs.load(ordering: .sequentiallyConsistent) - before < 20)
        await bench.recorder.stop()
    }

    @Test func readsAreWrittenTogetherAndAMutationWaitsForNone() async throws {
        let disk = DiskThatCounts()
        var configuration = RecorderConfiguration()
        configuration.pause = 600_000
        let bench = try RecordingBench(configuration: configuration, calls: disk.calls)
        let before = disk.writes.load(ordering: .sequentiallyConsistent)
        for _ in 0..<50 { #expect(try await bench.open(bench.mint(), verb: "get") == nil) }
        #expect(disk.writes.load(ordering: .sequentiallyConsistent) - before <= 1)
        // Each would be refused in the end, had it to wait for the pause.
        for _ in 0..<3 { #expect(try await bench.open(bench.mint(), verb: "create") == nil) }
        await bench.recorder.stop()
        #expect(try bench.gatewayFrames().last?["event"] == "stopped")
    }

    @Test func aLongSegmentIsLetGoOfPieceByPiece() async throws {
        let disk = DiskThatCounts()
        let bench = try RecordingBench(calls: disk.calls)
        let id = bench.mint()
        #expect(try await bench.open(id, verb: "get") == nil)
        for piece in 0..<20 {
            try await bench.onLoop { feed in
                feed.chunk(
                    id, .response, .body, offset: UInt64(piece) << 20, Masked(ByteBuffer(repeating: 7, count: 1 << 20)),
                    elapsed: 0)
            }
        }
        #expect(try await bench.open(bench.mint(), verb: "create") == nil)
        #expect((1...2).contains(disk.lettingGo.load(ordering: .sequentiallyConsistent)))
        await bench.recorder.stop()
        let content = try JournalContent(bench.folder.path)
        #expect(content.bytes(of: id).count { $0 == 7 } == 20 << 20)
    }

    @Test func aStalledDiskHoldsWritersBackInsteadOfFillingMemory() async throws {
        let disk = DiskThatFillsUp()
        var configuration = RecorderConfiguration()
        configuration.backlogHigh = 1 << 20
        configuration.backlogLow = 1 << 18
        let bench = try RecordingBench(configuration: configuration, calls: disk.calls)
        let id = bench.mint()
        #expect(try await bench.open(id, verb: "get") == nil)
        disk.isFull.store(true, ordering: .sequentiallyConsistent)
        var written = 0
        while try await bench.isWritable() {
            try await bench.onLoop { feed in
                feed.chunk(
                    id, .response, .body, offset: 0, Masked(ByteBuffer(repeating: 7, count: 1 << 16)), elapsed: 0)
            }
            written += 1
        }
        #expect(written < 40)
        let resumed = try await bench.resumption()
        disk.isFull.store(false, ordering: .sequentiallyConsistent)
        try await resumed.get()
        #expect(try await bench.isWritable())
        await bench.recorder.stop()
    }
}

/// A disk without space whenever it is told so.
final class DiskThatFillsUp: Sendable {
    let isFull = Atomic<Bool>(false)

    var calls: DiskCalls {
        var calls = DiskCalls.real
        let write = calls.write
        calls.write = { descriptor, bytes, offset in
            guard self.isFull.load(ordering: .sequentiallyConsistent) else { return write(descriptor, bytes, offset) }
            errno = ENOSPC
            return -1
        }
        return calls
    }
}

/// A disk that fails one sync and then works again, as after a lost write.
final class DiskThatFailsOneSync: Sendable {
    let failNext = Atomic<Bool>(false)

    var calls: DiskCalls {
        var calls = DiskCalls.real
        let sync = calls.sync
        calls.sync = { descriptor in
            guard self.failNext.exchange(false, ordering: .sequentiallyConsistent) else { return sync(descriptor) }
            errno = EIO
            return -1
        }
        return calls
    }
}

final class DiskThatCounts: Sendable {
    let syncs = Atomic<Int>(0)
    let writes = Atomic<Int>(0)
    let lettingGo = Atomic<Int>(0)

    var calls: DiskCalls {
        var calls = DiskCalls.real
        let (write, sync, letGo) = (calls.write, calls.sync, calls.letGo)
        calls.write = { descriptor, bytes, offset in
            self.writes.add(1, ordering: .sequentiallyConsistent)
            return write(descriptor, bytes, offset)
        }
        calls.letGo = { descriptor, range in
            self.lettingGo.add(1, ordering: .sequentiallyConsistent)
            letGo(descriptor, range)
        }
        calls.sync = { descriptor in
            self.syncs.add(1, ordering: .sequentiallyConsistent)
            return sync(descriptor)
        }
        return calls
    }
}
