import Foundation
import Testing
import Vocabulary

@testable import KubernetesWire

@Suite struct EncodingTests {
    /// A field with a length: what generated code writes for texts and messages.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    private static func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    private static func envelope(_ apiVersion: String, _ kind: String, _ raw: [UInt8]) -> [UInt8] {
        Array("k8s\0".utf8) + field(1, field(1, apiVersion) + field(2, kind)) + field(2, raw)
    }

    @Test func readsAConfigMapByItsFieldsNames() throws {
        let metadata = Self.field(1, "c") + Self.field(3, "n") + Self.field(11, Self.field(1, "k") + Self.field(2, "v"))
        let raw =
            Self.field(1, metadata) + Self.field(2, Self.field(1, "a") + Self.field(2, "1"))
            + Self.field(2, Self.field(1, "b") + Self.field(2, "2"))
        let object = try #require(ProtobufObject(Self.envelope("v1", "ConfigMap", raw)))
        #expect(
            object.json == [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "c", "namespace": "n", "labels": ["k": "v"]], "data": ["a": "1", "b": "2"],
            ])
    }

    @Test func showsAnUnknownTypeAsItsStructure() throws {
        let raw = Self.field(1, "text") + [2 << 3, 5] + Self.field(3, [0x08, 0x01]) + Self.field(1, "again")
        let object = try #require(ProtobufObject(Self.envelope("x/v1", "Thing", raw)))
        #expect(
            object.json == ["apiVersion": "x/v1", "kind": "Thing", "1": ["text", "again"], "2": 5, "3": ["1": 1]])
    }

    @Test func readsTheEventsOfAWatch() throws {
        let object = Self.envelope("v1", "Namespace", Self.field(1, Self.field(1, "n")))
        let event = Self.field(1, "ADDED") + Self.field(2, Self.field(1, object))
        let frame = [0, 0, 0, UInt8(event.count)] + event
        let events = try #require(ProtobufObject.watchEvents(frame + frame + frame.prefix(9)))
        #expect(events.count == 2)
        #expect(events[0]["type"] == "ADDED" && events[0]["object"]?["metadata"]?["name"] == "n")
    }

    @Test func damagedProtobufIsNeverRead() {
        let whole = Self.envelope("v1", "ConfigMap", Self.field(1, Self.field(1, "c")))
        for count in 0..<whole.count {
            if let object = ProtobufObject(Array(whole.prefix(count))) { _ = object.json }
        }
        for index in 4..<whole.count {
            var bytes = whole
            bytes[index] = 0xFF
            if let object = ProtobufObject(bytes) { _ = object.json }
        }
        #expect(ProtobufObject(Array("k8s\0".utf8) + [0xFF]) == nil)
        #expect(ProtobufObject(Array("{}".utf8)) == nil)
    }

    @Test func readsCBORAsKubernetesWritesIt() {
        let text: [UInt8] = [0xD9, 0xD9, 0xF7, 0xA2, 0x44] + Array("kind".utf8) + [0x43] + Array("Pod".utf8)
        let bytes =
            text + [0x41] + Array("a".utf8) + [0x87, 0x01, 0x20, 0xF5, 0xF6, 0xF9, 0x3E, 0x00, 0x9F, 0x02, 0xFF]
        // Tag, float, and an indefinite list; a text in pieces.
        let whole = bytes + [0x7F, 0x61, 0x62, 0x61, 0x63, 0xFF]
        #expect(CBORText.objects(whole) == [["kind": "Pod", "a": [1, -1, true, .null, .number("1.5"), [2], "bc"]]])
        #expect(CBORText.objects(Array("{}".utf8)) == nil)
        for count in 0..<whole.count { _ = CBORText.objects(Array(whole.prefix(count))) }
        #expect(CBORText.objects([0xD9, 0xD9, 0xF7] + [UInt8](repeating: 0x81, count: 100_000)) == nil)
        #expect(CBORText.objects([0xD9, 0xD9, 0xF7, 0x9B] + [UInt8](repeating: 0xFF, count: 8)) == nil)
    }

    @Test func aMapNamedByMapsIsNoObject() {
        // Each level's name is the level below: written as text, its quotes would double a hundred times.
        let nested = CBORText.magic + [UInt8](repeating: 0xA1, count: 100) + [UInt8](repeating: 0, count: 101)
        #expect(CBORText.objects(nested) == nil)
    }

    @Test(arguments: [1, 3, 1_000]) func inflatesWhateverTheSplit(step: Int) async throws {
        let clear = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "byline-gzip-\(UUID().uuidString)")
        try Data(clear).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-c", folder.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let gzip = [UInt8](try #require(try pipe.fileHandleForReading.readToEnd()))
        guard var reader = GzipReader() else {
            Issue.record("no memory")
            return
        }
        var inflated: [UInt8] = []
        // Two members in a row are one body.
        let body = gzip + gzip
        for start in stride(from: 0, to: body.count, by: step) {
            reader.read(Array(body[start..<min(start + step, body.count)])) { piece in
                guard case .clear(let bytes) = piece else { return }
                #expect(bytes.count <= 64 << 10)
                inflated += bytes
            }
        }
        let isWhole = reader.isWhole
        #expect(inflated == clear + clear && isWhole)
    }

    @Test(arguments: ["plain text", "\u{1F}", "\u{1F}\u{8B}"]) func whatIsNoGzipComesOutAsItCame(text: String) {
        guard var reader = GzipReader() else {
            Issue.record("no memory")
            return
        }
        var damaged: [UInt8] = []
        func take(_ piece: GzipReader.Piece) { if case .damaged(let bytes) = piece { damaged += bytes } }
        for byte in text.utf8 { reader.read([byte], take) }
        reader.end(take)
        #expect(String(decoding: damaged, as: UTF8.self) == text)
    }

    @Test func readsTheOptionsOfARequest() throws {
        func options(_ method: String, _ target: String, _ type: String? = nil, _ body: String? = nil) throws -> JSON {
            let target = try RequestTarget(target)
            let options = RequestOptions(
                info: try RequestInfo(method: method, target: target), query: target.query, contentType: type,
                body: body.map { Array($0.utf8) })
            return .object(options.values.map { JSON.Member($0.name, $0.value) })
        }
        let path = "/api/v1/namespaces/n/configmaps/c"
        #expect(
            try options(
                "PATCH", "\(path)?fieldManager=kubectl&dryRun=All&force=true", "application/apply-patch+yaml; x")
                == [
                    "dryRun": ["All"], "fieldManager": "kubectl", "force": "true",
                    "patchType": "application/apply-patch+yaml",
                ])
        #expect(
            try options("DELETE", path, nil, #"{"propagationPolicy":"Background","gracePeriodSeconds":0}"#)
                == ["gracePeriodSeconds": 0, "propagationPolicy": "Background"])
        #expect(try options("GET", "\(path)?fieldManager=x") == [:])
        #expect(try options("DELETE", path, nil, "no JSON") == [:])
    }
}
