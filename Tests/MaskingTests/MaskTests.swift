import KubernetesWire
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
        let scope = MaskScope.fresh()
        let masks = try value.withUnsafeBytes { try MaskKeys(file: file).binding(to: scope).masks(of: $0) }
        #expect(try value.withUnsafeBytes { try MaskKeys(file: file).binding(to: scope).masks(of: $0) } == masks)
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

@Suite struct MaskPlaceTests {
    private static let secrets = "/api/v1/namespaces/n/secrets"

    private static func masks(
        _ body: String, _ policy: MaskingPolicy, _ path: String = secrets, method: String = "GET",
        session: String = "s",
        status: Int = 200, contentType: String = "application/json"
    ) throws -> [String] {
        let request = try RequestInfo(method: method, target: try RequestTarget(path))
        let masker = try policy.plan(for: request, cluster: "c", session: session).responseMasker(
            contentType: contentType, contentEncoding: nil, status: status)
        let delivered = try Support.mask(body, masker).delivered
        return delivered.matches(of: /byline:masked:hmac-sha256:[0-9a-f]{32}|Ynls[A-Za-z0-9+\/=]{76}/).map {
            String($0.output)
        }
    }

    private static func secret(_ name: String, _ field: String = "pin", _ value: String = "NDcxMQ==") -> String {
        #"{"kind":"Secret","metadata":{"name":"\#(name)","namespace":"n"},"data":{"\#(field)":"\#(value)"}}"#
    }

    @Test func equalValuesLookEqualAtOnePlaceOnly() throws {
        let policy = try Support.policy()
        let one = try Self.masks(Self.secret("db"), policy)
        #expect(one.count == 1)
        #expect(try Self.masks(Self.secret("db"), policy) == one)
        // A list shows what a single read shows.
        let list =
            #"{"kind":"SecretList","metadata":{"resourceVersion":"1"},"items":[\#(Self.secret("a")),\#(Self.secret("db"))]}"#
        #expect(try Self.masks(list, policy).last == one.last)
        #expect(try Self.masks(list, policy).first != one.first)
        #expect(try Self.masks(Self.secret("other"), policy) != one)
        #expect(try Self.masks(Self.secret("db", "code"), policy) != one)
        let annotated =
            #"{"metadata":{"name":"db","namespace":"n","annotations":{"pin":"x","password":"4711"}},"data":{"password":"NDcxMQ=="}}"#
        let both = try Self.masks(annotated, policy).map {
            Base64.decode($0).map { String(decoding: $0, as: UTF8.self) } ?? $0
        }
        #expect(both.count == 2 && both.first != both.last)
        #expect(try Self.masks(Self.secret("db"), policy, "/api/v1/namespaces/n/secrets/db", session: "t") == one)
    }

    @Test func aCallersOwnWordsAreMaskedAnew() throws {
        let policy = try Support.policy()
        let read = try Self.masks(Self.secret("db"), policy)
        for method in ["POST", "PUT", "PATCH"] {
            #expect(try Self.masks(Self.secret("db"), policy, method: method) != read)
        }
        #expect(try Self.masks(Self.secret("db"), policy, status: 422) != read)
    }

    /// The attack: a read-only caller says every pin, and looks for the Secret's mask in the answers.
    @Test func noGuessOfAPinLooksLikeTheSecret() throws {
        let policy = try Support.policy()
        let plain = #"{"kind":"Secret","metadata":{"name":"db"},"stringData":{"password":"4711"}}"#
        let seen = Set(try Self.masks(plain, policy))
        #expect(!seen.isEmpty)
        let guesses = (10_000..<20_000).map { "password=\(String($0).dropFirst())" }.joined(separator: " ")
        let error = #"{"kind":"Status","status":"Failure","message":"\#(guesses)","code":404}"#
        let masks = try Self.masks(error, policy, "/api/v1/namespaces/n/pods/p", status: 404)
        #expect(masks.count > 9_000)
        #expect(seen.isDisjoint(with: masks))
        let log = try Self.masks(
            "password=4711\n", policy, "/api/v1/namespaces/n/pods/p/log", contentType: "text/plain")
        #expect(seen.isDisjoint(with: log))
    }
}
