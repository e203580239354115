import KubernetesWire
import NIOCore
import Testing

@testable import Masking

/// Which answers are delivered, and through what they go.
@Suite struct ResponseFormTests {
    private static let secrets = "/api/v1/namespaces/n/secrets/s"
    private static let pod = "/api/v1/namespaces/n/pods/p/proxy/env"

    private func masked(_ body: String, _ type: String?, _ path: String, encoding: String? = nil) throws -> String {
        let masker = try Support.plan(path).responseMasker(contentType: type, contentEncoding: encoding)
        return try Support.mask(body, masker).delivered
    }

    @Test(arguments: [
        "application/yaml", "text/plain", "text/html; charset=utf-8", "application/octet-stream",
        "application/vnd.kubernetes.protobuf", "application/cbor",
    ])
    func ofWhatHasMaskedFieldsOnlyJSONIsDelivered(type: String) throws {
        #expect(throws: MaskingFault.contentType(type)) { try masked("x", type, Self.secrets) }
    }

    @Test func whatSaysNothingOfItselfIsReadAsJSON() throws {
        #expect(try !masked(#"{"data":{"a":"c2VjcmV0"}}"#, nil, Self.secrets).contains("c2VjcmV0"))
        #expect(throws: MaskingFault.self) { try masked("data: {a: c2VjcmV0}", nil, Self.secrets) }
        #expect(try masked("", nil, Self.secrets) == "")
    }

    @Test func aTextOfWhatHasNoMaskedFieldsIsLookedThrough() throws {
        #expect(
            try masked("404 page not found\n", "text/plain", "/api/v1/namespaces/n/pods/p") == "404 page not found\n")
        #expect(try !masked("password=Kiesel4711\n", "text/plain", "/api/v1/namespaces/n/pods/p").contains("Kiesel"))
    }

    @Test(arguments: [
        "application/octet-stream", "image/png", nil, "application/x-anything", "text/plain", "application/zip",
        "text/plain; charset=utf-16",
    ])
    func whateverAProxiedServerCallsItsBytesTheyAreLookedThrough(type: String?) throws {
        for body in ["\0\0password=Kiesel4711\n", "\u{1}\0x\npassword=Kiesel4711", "\u{FFFD}password: Kiesel4711\n"] {
            #expect(try !masked(body, type, Self.pod).contains("Kiesel4711"))
        }
    }

    @Test func kubeletsPodsAreReadAsJSON() throws {
        let body = #"{"items":[{"spec":{"containers":[{"env":[{"name":"DB_PASSWORD","value":"Kiesel4711x"}]}]}}]}"#
        #expect(try !masked(body, "application/json", "/api/v1/nodes/n/proxy/pods").contains("Kiesel4711"))
    }

    @Test(arguments: ["gzip", "deflate", "zstd", "br", "gzip, identity"])
    func whatIsCompressedIsNotDelivered(encoding: String) throws {
        for path in [Self.secrets, Self.pod] {
            #expect(throws: MaskingFault.contentEncoding(encoding)) {
                try masked("x", "application/json", path, encoding: encoding)
            }
        }
    }

    @Test(arguments: ["utf-7", "cp037", "ebcdic-us"])
    func lettersThatAreNotASCIIsAreNotDelivered(charset: String) throws {
        #expect(throws: MaskingFault.charset(charset)) {
            try masked("x", "text/plain; charset=\"\(charset)\"", Self.pod)
        }
    }

    @Test(arguments: [2, 4], [false, true]) func wideLettersAreLookedThrough(width: Int, isBigEndian: Bool) throws {
        func wide(_ text: String) -> String {
            text.utf8.map { letter in
                let zeros = String(repeating: "\0", count: width - 1)
                let letter = String(UnicodeScalar(letter))
                return isBigEndian ? zeros + letter : letter + zeros
            }.joined()
        }
        for size in [1, 7, 1_000] {
            let masker = try Support.plan(Self.pod).responseMasker(contentType: nil, contentEncoding: nil)
            let body = wide("user=app\npassword=Kiesel4711-Gong\nend\n")
            let shown = try Support.mask(body, masker, sizes: [size]).delivered
            #expect(shown.contains(Mask.prefix))
            #expect(!shown.filter { $0 != "\0" }.contains("Kiesel"))
        }
    }

    @Test func whatStandsInFramesKeepsItsLength() throws {
        var masker = try #require(try Support.plan(Self.pod).streamMasker(keepsLength: true))
        let body = "\u{1}\u{1f}{\"password\":\"Kiesel4711\"}\n"
        let piece = masker.consume(.init(string: body))
        let shown = String(buffer: piece.delivered.bytes)
        #expect(shown == body.replacing("Kiesel4711", with: "**********"))
        #expect(piece.maskings.count == 1)
    }
}
