import Foundation
import LocalState
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Authentication
@testable import Authorization
@testable import KubernetesWire
@testable import Masking
@testable import Recording

@Suite struct JournalTests {
    @Test func checksumsAreThoseOfRFC3720() {
        func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32C.checksum($0) } }
        #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(checksum(Array(0..<32)) == 0x46DD_794E)
        #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(Array("23456789".utf8).withUnsafeBytes { CRC32C.checksum($0, after: UInt8(ascii: "1")) } == 0xE306_9283)
    }

    @Test func theProcessorsChecksumsAreThoseOfTheTables() {
        let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3 ^ $0) }
        // Every length up to a few lanes, from an odd address on, then steps past the long lanes.
        for count in Array(0...900) + Array(stride(from: 901, through: 19_990, by: 677)) {
            bytes[1...count + 1].withUnsafeBytes { bytes in
                let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                #expect(CRC32C.checksum(bytes) == CRC32C.byTables(bytes))
                #expect(CRC32C.checksum(bytes, after: 200) == CRC32C.byTables(bytes, after: 200))
            }
        }
    }

    @Test func anExchangeReadsBackAsItWasRecorded() async throws {
        let bench = try RecordingBench()
        let id = bench.mint()
        let outcome = try await bench.open(id, verb: "create")
        #expect(outcome == nil)
        try await bench.onLoop { feed in
            feed.chunk(id, .request, .body, offset: 0, Masked(ByteBuffer(string: "hello ")), elapsed: 1)
            feed.chunk(id, .request, .body, offset: 6, Masked(ByteBuffer(string: "world")), elapsed: 2)
            feed.close(bench.closing(id, .complete))
        }
        await bench.recorder.stop()
        let content = try JournalContent(bench.folder.path)
        let exchange = try #require(content.exchange(id))
        #expect(exchange["open"]?["requestInfo"]?["verb"] == "create")
        #expect(exchange["open"]?["identity"]?["username"] == "alice")
        #expect(exchange["open"]?["byline"]?["prompt.id"]?["value"] == "p-1")
        #expect(exchange["close"]?["outcome"] == "complete")
        #expect(String(decoding: content.bytes(of: id, .request), as: UTF8.self) == "hello world")
    }

    @Test func channelsOfAnUpgradedConnectionReadBackEachForItself() async throws {
        let bench = try RecordingBench()
        let id = bench.mint()
        _ = try await bench.open(id, verb: "create")
        let channels: [RecordedChannel] = [
            .raw, .stream(.stdin), .stream(.stdout), .stream(.stderr), .stream(.error), .stream(.resize),
            .stream(.portData(port: 65_535, connection: .max)), .stream(.portError(port: 0, connection: 3)),
            .stream(.other(.max)),
        ]
        try await bench.onLoop { feed in
            for (index, channel) in channels.enumerated() {
                let bytes = Masked(ByteBuffer(string: channel.name))
                feed.chunk(id, .response, channel, offset: UInt64(index), bytes, elapsed: UInt64(index * 10))
                feed.end(id, .response, channel, offset: UInt64(channel.name.utf8.count), elapsed: 99)
            }
            var closing = bench.closing(id, .complete)
            var stream = StreamClosing()
            stream.channels = [
                .init(direction: .request, channel: .stream(.stdin), bytes: 1, digest: [0xAB], end: .closed)
            ]
            stream.exit = .exited(code: 3)
            stream.protocolName = "v5.channel.k8s.io"
            stream.undecoded = [.response: "webSocketLength"]
            stream.cut = [.request]
            stream.unlisted = (2, 5)
            closing.stream = stream
            feed.close(closing)
        }
        await bench.recorder.stop()
        let content = try JournalContent(bench.folder.path)
        let chunks = content.chunks(of: id)
        try #require(chunks.count == 2 * channels.count)
        for (index, channel) in channels.enumerated() {
            let (data, end) = (chunks[2 * index], chunks[2 * index + 1])
            #expect(data.channel == channel)
            #expect(String(decoding: data.bytes, as: UTF8.self) == channel.name)
            #expect(data.offset == UInt64(index) && data.elapsed == UInt64(index * 10))
            #expect(end.channel == channel && end.bytes.isEmpty && end.json["end"] == true)
        }
        #expect(
            content.exchange(id)?["close"]?["stream"]
                == [
                    "channels": [
                        ["bytes": 1, "channel": "stdin", "direction": "request", "end": "closed", "sha256": "ab"]
                    ],
                    "cut": ["request"], "exit": ["code": 3], "protocol": "v5.channel.k8s.io",
                    "undecoded": ["response": "webSocketLength"], "unlisted": ["bytes": 5, "channels": 2],
                ])
    }

    @Test func recordsAreCanonicalJSON() throws {
        var frames = FrameWriter()
        let bench = try RecordingBench()
        let id = bench.mint()
        let permit = bench.permit("get")
        frames.open(permit.request, permit.decision, bench.opening(id))
        frames.close(bench.closing(id, .unknown))
        let bytes = frames.take()
        var offset = 0
        while offset < bytes.count {
            let length: UInt32 = bytes.integer(at: offset)
            let payload = Array(bytes[offset + 9..<offset + 9 + Int(length)])
            #expect(try JSON(parsing: payload).canonicalBytes == payload)
            offset += 9 + Int(length)
        }
    }

    @Test func aTornTailIsCutAtEveryByte() async throws {
        let bench = try RecordingBench()
        let id = bench.mint()
        _ = try await bench.open(id, verb: "create")
        try await bench.onLoop { $0.close(bench.closing(id, .complete)) }
        await bench.recorder.stop()
        let segment = "\(bench.folder.path)/0000000001.byl"
        let whole = try PrivateFile.readShared(segment)
        let reader = try SegmentReader(segment)
        var ends = [Int64(JournalFormat.headerLength)]
        while let frame = try reader.next() { ends.append(frame.end) }
        for length in JournalFormat.headerLength..<whole.count {
            let copy = try TemporaryFolder()
            try PrivateFile.replaceAtomically("\(copy.path)/0000000001.byl", with: Array(whole[..<length]))
            let result = try Recovery.run(JournalFolder(path: copy.path))
            let expected = try #require(ends.last { $0 <= length })
            #expect(result.report.tornTail?.offset == (expected == length ? nil : expected))
            #expect(try PrivateFile.readShared("\(copy.path)/0000000001.byl").count == Int(expected))
            #expect(result.nextSegment == 2)
        }
    }

    @Test func whatWasOpenAtACrashIsClosedAsUnknown() async throws {
        let bench = try RecordingBench()
        let id = bench.mint()
        _ = try await bench.open(id, verb: "create")
        let copy = try TemporaryFolder()
        let segment = try PrivateFile.readShared("\(bench.folder.path)/0000000001.byl")
        try PrivateFile.replaceAtomically("\(copy.path)/0000000001.byl", with: segment)
        let recorder = try Recorder(folder: copy.path)
        #expect(recorder.recovery.unknown == [id])
        #expect(recorder.recovery.wasCrash)
        await recorder.stop()
        let content = try JournalContent(copy.path)
        #expect(content.exchange(id)?["close"]?["outcome"] == "unknown")
        let again = try Recorder(folder: copy.path)
        #expect(again.recovery == RecoveryReport())
        await again.stop()
        await bench.recorder.stop()
    }

    @Test func aJournalOfANewerFormatIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        var header = JournalFormat.header(origin: [UInt8](repeating: 1, count: 16), segment: 1, time: .now())
        header[8] = 2
        try PrivateFile.replaceAtomically("\(folder.path)/0000000001.byl", with: header)
        #expect(throws: RecordingFault.newerFormat(path: "\(folder.path)/0000000001.byl", version: 2)) {
            _ = try Recorder(folder: folder.path)
        }
        #expect(try PrivateFile.readShared("\(folder.path)/0000000001.byl") == header)
    }

    @Test func twoRecordersNeverShareAFolder() async throws {
        let bench = try RecordingBench()
        #expect(throws: RecordingFault.inUse(folder: bench.folder.path)) { _ = try Recorder(folder: bench.folder.path) }
        await bench.recorder.stop()
    }
}
