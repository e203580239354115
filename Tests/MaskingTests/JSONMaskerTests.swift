import NIOCore
import Testing
import Vocabulary

@testable import Masking

@Suite struct JSONMaskerTests {
    private static let secrets = "/api/v1/namespaces/n/secrets"
    private static let pods = "/api/v1/namespaces/n/pods"

    @Test func masksTheDataOfASecretAndNothingElse() throws {
        let body = #"{"kind":"Secret","metadata":{"name":"s"},"data":{"user":"YWRtaW4=","empty":""},"type":"Opaque"}"#
        let masked = try Support.maskObjects(body, Self.secrets + "/s")
        let json = try JSON(parsing: masked)
        let value = try #require(json["data"]?["user"]?.string)
        let plain = String(decoding: try #require(Base64.decode(value)), as: UTF8.self)
        #expect(plain.hasPrefix(Mask.prefix) && plain.utf8.count == 58)
        #expect(masked.replacing(value, with: "YWRtaW4=") == body)
    }

    @Test(arguments: [
        #"{"items":[{"data":{"k":"c2VjcmV0"}}]}"#, #"{"type":"ADDED","object":{"data":{"k":"c2VjcmV0"}}}"#,
        #"{"rows":[{"cells":["s"],"object":{"data":{"k":"c2VjcmV0"}}}]}"#, #"{"d\u0061ta":{"k":"c2VjcmV0"}}"#,
        #"{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"k\":\"c2VjcmV0\"}}\n"}}}"#,
        #"{"stringData":{"k":"c2VjcmV0"}}"#, #"{"data":{"k":["c2VjcmV0",{"x":"c2VjcmV0"}]}}"#,
    ])
    func masksASecretWhereverItStands(body: String) throws {
        for size in 1...body.utf8.count {
            let masked = try Support.maskObjects(body, Self.secrets, sizes: [size])
            #expect(!masked.contains("c2VjcmV0"))
            _ = try JSON(parsing: masked)
        }
    }

    @Test func masksDifferFromFieldToFieldAndInTheRecord() throws {
        let body = #"{"data":{"a":"c2VjcmV0","b":"c2VjcmV0"},"stringData":{"c":"secret","d":"other"}}"#
        let masker = try Support.plan(Self.secrets).responseMasker(
            contentType: "application/json", contentEncoding: nil)
        let (delivered, recorded, _) = try Support.mask(body, masker)
        let json = try JSON(parsing: delivered)
        let mask = try #require(json["stringData"]?["c"]?.string)
        #expect(json["data"]?["a"] != json["data"]?["b"])
        #expect(json["data"]?["a"]?.string != Base64.encode(mask.utf8))
        #expect(json["data"]?["a"]?.string?.hasPrefix(Mask.base64Prefix) == true)
        #expect(json["stringData"]?["d"]?.string != mask)
        #expect(delivered.utf8.count == recorded.utf8.count)
        #expect(try JSON(parsing: recorded)["stringData"]?["c"]?.string != mask)
    }

    @Test func masksWhatIsLongerThanAnyBufferByItsDigest() throws {
        let long = String(repeating: "QUJD", count: 3 << 20)
        for size in [1 << 16, 999_983] {
            let masked = try Support.maskObjects(#"{"data":{"k":"\#(long)"},"x":1e400}"#, Self.secrets, sizes: [size])
            #expect(masked.utf8.count < 200)
            #expect(masked.hasSuffix(#""},"x":1e400}"#))
        }
    }

    @Test func masksAnEnvironmentVariableWhoseNameTellsAndKeepsWhatItRefersTo() throws {
        let value = Support.random(24)
        let body = """
            {"spec":{"containers":[{"env":[{"name":"DB_PASSWORD","value":"\(value)"},{"name":"TOKEN_FILE","value":"/run/t"},\
            {"name":"API_TOKEN","valueFrom":{"secretKeyRef":{"name":"s","key":"password"}}},{"name":"LEVEL","value":"3"}],\
            "args":["--token","\(value)","--listen=:8080","--api-key=\(value)","-v"]}]}}
            """
        let masked = try Support.maskObjects(body, Self.pods)
        #expect(!masked.contains(value))
        #expect(masked.components(of: Mask.prefix) == 3)
        #expect(
            masked.contains(#""value":"/run/t""#) && masked.contains(#""key":"password""#) && masked.contains("8080"))
    }

    /// `value: "1"` beside `MYSQL_ALLOW_EMPTY_PASSWORD` says that there is no password.
    @Test func aVariableThatSaysYesOrNoIsNoSecret() throws {
        func body(_ value: String) -> String {
            """
            {"spec":{"containers":[{"env":[{"name":"MYSQL_ALLOW_EMPTY_PASSWORD","value":"\(value)"}],\
            "args":["--allow-empty-password","\(value)","--use-password=\(value)"]}]}}
            """
        }
        for value in ["1", "0", "true", "FALSE", "yes", "No", "on", "off", ""] {
            #expect(try Support.maskObjects(body(value), Self.pods) == body(value), "\(value)")
        }
        // Beside such a name, which says what is done with a password, only what looks like one is.
        for (value, count) in [("10", 0), ("yes1", 0), ("truly", 0), ("never", 0), ("kQ7vX2mZ9pLw4TbN8rYc", 3)] {
            #expect(try Support.maskObjects(body(value), Self.pods).components(of: Mask.prefix) == count, "\(value)")
        }
    }

    @Test func keepsEverythingElseByteForByte() throws {
        let body = """
            {"a" : [ 1.0E+2 , -0, true,null, "\\ud83d\\ude00 \\u00e9 \\/", "é😀", {} , [ ] ],\n\t"items":[{"spec":{"n":9007199254740993}}]}
            \r\n {"type":"BOOKMARK","object":{}}
            """
        for size in 1...40 { #expect(try Support.maskObjects(body, Self.secrets, sizes: [size]) == body) }
    }

    @Test(arguments: [
        "{", "[1,", #"{"a"}"#, #"{"a":1,}"#, "{]", "nul", #""a"#, #"{"data":{"k":"x"#, "}", "{\"a\":\"\u{01}\"}",
        "[1 2]", "tru e",
    ])
    func refusesWhatIsNoJSON(body: String) throws {
        for size in 1...3 {
            #expect(throws: MaskingFault.self) { try Support.maskObjects(body, Self.secrets, sizes: [size]) }
        }
    }

    @Test func refusesWhatNestsTooDeep() throws {
        let deep = String(repeating: "[", count: 513) + String(repeating: "]", count: 513)
        #expect(throws: MaskingFault.tooDeep) { try Support.maskObjects(deep, Self.pods) }
    }

    @Test func everyWayToCutABodyGivesTheSame() throws {
        let secret = Support.random(36)
        let body = """
            {"items":[{"data":{"c":"ghp_\(secret)","d":"say \\"ghp_\(secret)\\" twice\\nghp_\(secret)"}},{"k":"https://u:\(secret)@h/"}],
            "metadata":{"annotations":{"x":"{\\"password\\":\\"\(secret)\\",\\"n\\":[1,{\\"deep\\":\\"{\\\\\\"token\\\\\\":\\\\\\"\(secret)\\\\\\"}\\"}]}"}}}
            """
        let policy = try Support.policy()
        let masker = try Support.plan("/api/v1/configmaps", policy).responseMasker(
            contentType: "application/json", contentEncoding: nil)
        let whole = try Support.mask(body, masker)
        #expect(!whole.delivered.contains(secret))
        #expect(whole.maskings.count == 6)
        _ = try JSON(parsing: whole.delivered)
        for _ in 0..<300 {
            let sizes = (0..<200).map { _ in Int.random(in: 1...30) }
            let cut = try Support.mask(body, masker, sizes: sizes)
            #expect(cut.delivered == whole.delivered)
            #expect(cut.maskings == whole.maskings)
        }
    }

    @Test func originalsAndTheirPlacesGiveTheBodyBack() throws {
        let body = #"{"data":{"k":"c2VjcmV0","j":"b3RoZXI="},"metadata":{"annotations":{"t":"password=hunter22 ok"}}}"#
        let masker = try Support.plan(Self.secrets).responseMasker(
            contentType: "application/json", contentEncoding: nil)
        let (_, recorded, maskings) = try Support.mask(body, masker, sizes: [7])
        var bytes = Array(recorded.utf8)
        for masking in maskings.reversed() {
            let place = Int(masking.offset)..<Int(masking.offset + masking.length)
            bytes.replaceSubrange(place, with: try #require(masking.original))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == body)
    }
}

extension String {
    func components(of part: String) -> Int { split(separator: part, omittingEmptySubsequences: false).count - 1 }
}
