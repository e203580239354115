import Testing

@testable import Vocabulary

@Suite struct JSONTests {
    @Test func keepsNumbersAndOrderAsTheyWereWritten() throws {
        let json = try JSON(parsing: #" {"b": 1.50, "a": [1e3, -0, null, true], "b": "x"} "#)
        #expect(json.members?.map(\.name) == ["b", "a", "b"])
        #expect(json["a"] == .array([.number("1e3"), .number("-0"), .null, .bool(true)]))
        #expect(json["b"] == "x")
    }

    @Test func readsEscapesAndSurrogates() throws {
        #expect(try JSON(parsing: #""\"\\\/\b\f\n\r\té😀""#) == .string("\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}"))
        #expect(try JSON(parsing: #""\ud83dx""#) == .string("\u{FFFD}x"))
        #expect(try JSON(parsing: #""\ud83dA""#) == .string("\u{FFFD}A"))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", "1e", "-", "+1", "tru", "\"\u{1}\"", "\"\\x\"", "\"\\u12\"",
        "[1] x", "\"",
        "{\"a\":1,}", "[", "nul",
    ])
    func refusesWhatIsNoJSON(text: String) { #expect(throws: JSONFault.self) { try JSON(parsing: text) } }

    @Test func tellsTheByteOfAFault() {
        #expect(throws: JSONFault(reason: .unexpectedByte(UInt8(ascii: "}")), offset: 8)) {
            try JSON(parsing: #"{"a": 1,}"#)
        }
        #expect(throws: JSONFault(reason: .invalidUTF8, offset: 2)) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func refusesNestingThatCouldExhaustTheStack() throws {
        let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        _ = try JSON(parsing: deep)
        #expect(throws: JSONFault.self) { try JSON(parsing: "[\(deep)]") }
    }

    @Test func escapesWhereverItStandsInAText() throws {
        for character in ["\"", "\\", "\u{0}", "\u{1F}", "\n"] {
            for place in 0..<20 {
                let text =
                    String(repeating: "é", count: place) + character + String(repeating: " ~\u{7F}", count: 20 - place)
                let written = JSON.string(text).canonicalBytes
                #expect(!written.contains { $0 < 0x20 })
                #expect(try JSON(parsing: written) == .string(text))
            }
        }
    }

    /// RFC 8785, section 3.2.2 and appendix B.
    @Test func writesCanonically() throws {
        let json = try JSON(
            parsing:
                #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"€$\u000f\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#
        )
        #expect(
            json.canonicalText
                == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        )
    }

    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("1", "1"), ("-5", "-5"), ("10", "10"), ("1e21", "1e+21"),
        ("1e20", "100000000000000000000"),
        ("0.000001", "0.000001"), ("1e-7", "1e-7"), ("123456789012345680000", "123456789012345680000"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"), ("9007199254740993", "9007199254740992"),
        ("123.456", "123.456"),
    ])
    func writesNumbersAsECMAScriptDoes(literal: String, expected: String) {
        #expect(JSON.number(literal).canonicalText == expected)
    }

    @Test func sortsNamesByUTF16() {
        let json: JSON = ["\u{20AC}": 1, "\r": 2, "\u{FB33}": 3, "1": 4, "\u{1F600}": 5, "\u{80}": 6, "\u{F6}": 7]
        #expect(
            json.canonicalText
                == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{F6}\":7,\"\u{20AC}\":1,\"\u{1F600}\":5,\"\u{FB33}\":3}")
    }
}

struct JSONMembersTests {
    @Test func whatItFindsIsWhatTheParserFinds() throws {
        let text = #"""
            {"a":"x","b":{"c":[1,{"d":"}"}],"e":"\"]"},"f":-1.5e3,"g":[],"h":{},"i":null, "j" : true ,"k":"é\u00e9\n","a":"y"}
            """#
        let bytes = Array(text.utf8)
        let parsed = try JSON(parsing: bytes)
        let found = try #require(JSONMembers(bytes))
        for name in ["a", "b", "f", "g", "h", "i", "j", "k"] {
            let value = try #require(found[name])
            #expect(try JSON(parsing: value.literal) == parsed[name], "\(name)")
            #expect(value.string == parsed[name]?.string, "\(name)")
        }
        #expect(found["c"] == nil)
        #expect(found["b"]?.members?["e"]?.string == "\"]")
        #expect(found["a"]?.members == nil)
        #expect(JSONMembers(Array("{}".utf8))?["a"] == nil)
    }

    @Test func whatIsNoWholeObjectHasNoMembers() {
        let text = Array(#"{"a":"x","b":{"c":[1,2]},"d":"\\"}"#.utf8)
        for length in 0..<text.count { #expect(JSONMembers(Array(text[..<length])) == nil, "\(length)") }
        for other in ["[]", "null", "\"a\"", "", "{\"a\"}", "{\"a\":}", "{a:1}"] {
            #expect(JSONMembers(Array(other.utf8)) == nil, "\(other)")
        }
    }
}
