import NIOCore
import Testing
import Vocabulary

@testable import Masking

@Suite struct MaskTests {
    @Test func everyMaskInBase64BeginsAsTheSearchExpects() {
        for digit in 0...255 {
            let mask = [UInt8](repeating: UInt8(digit), count: 32).withUnsafeBytes { Mask(digest: $0) }
            #expect(mask.text.utf8.count == 58)
            #expect(mask.spelled(.base64).starts(with: Mask.base64Prefix.utf8))
            #expect(Base64.decode(String(decoding: mask.spelled(.base64), as: UTF8.self)) == mask.spelled(.plain))
        }
    }

    @Test func aMaskIsFoundHoweverItsBodyIsCut() {
        let mask = [UInt8](repeating: 7, count: 32).withUnsafeBytes { Mask(digest: $0) }
        for spelling in [Mask.Spelling.plain, .base64] {
            let body = Array(#"{"data":{"k":""#.utf8) + mask.spelled(spelling) + Array(#""}}"#.utf8)
            for size in 1...body.count {
                var search = MaskSearch()
                var isFound = false
                for start in stride(from: 0, to: body.count, by: size) {
                    if search.finds(in: ByteBuffer(bytes: body[start..<min(start + size, body.count)])) {
                        isFound = true
                    }
                }
                #expect(isFound)
            }
        }
        var search = MaskSearch()
        let isFound = search.finds(in: ByteBuffer(string: "byline:masked:hmac-sha25 6:"))
        #expect(!isFound)
    }

    @Test func aKeyFileGivesItsKeysAgain() throws {
        let file = MaskKeys.generateFile()
        let value = Array("secret".utf8)
        let masks = try value.withUnsafeBytes { try MaskKeys(file: file).masks(of: $0) }
        #expect(try value.withUnsafeBytes { try MaskKeys(file: file).masks(of: $0) } == masks)
        #expect(masks.delivered != masks.recorded)
        #expect(throws: MaskKeys.FileProblem.self) { try MaskKeys(file: Array("byline-mask-key-1:AAAA\n".utf8)) }
        #expect(throws: MaskKeys.FileProblem.self) { try MaskKeys(file: []) }
    }

    @Test(arguments: [
        ("application/vnd.kubernetes.protobuf, application/json", "application/json"), ("*/*", "*/*"),
        (
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        ), ("application/cbor,application/json;q=0.9", "application/json;q=0.9"),
    ])
    func whatIsAskedOfTheClusterIsJSON(accept: String, narrowed: String) {
        #expect(NarrowedAccept.json(accept) == narrowed)
        #expect(NarrowedAccept.json("application/vnd.kubernetes.protobuf") == nil)
        #expect(NarrowedAccept.json(nil) == "application/json")
    }

    @Test(arguments: ["", ".", ".a..b", ".a[", ".a['x", ".a[?(@.b)]", ".a\""])
    func refusesWhatIsNoPath(text: String) { #expect(FieldPath(text) == nil) }
}
