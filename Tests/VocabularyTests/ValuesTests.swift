import Testing
import Vocabulary

@Suite struct ValuesTests {
    @Test func timesReadBackAsTheyAreWritten() throws {
        let time = Timestamp(nanoseconds: 1_795_235_040_123_456_789)
        #expect(time.description == "2026-11-21T04:24:00.123456Z")
        #expect(Timestamp(rfc3339: "2026-11-21T04:24:00.123456789Z") == time)
        #expect(Timestamp(nanoseconds: -1).rfc3339(fractionDigits: 9) == "1969-12-31T23:59:59.999999999Z")
        #expect(Timestamp(seconds: 951_782_400).rfc3339(fractionDigits: 0) == "2000-02-29T00:00:00Z")
        #expect(Timestamp(rfc3339: "2000-02-29T00:00:00Z")?.seconds == 951_782_400)
        #expect(Timestamp(seconds: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Timestamp(seconds: -1).httpDate == "Wed, 31 Dec 1969 23:59:59 GMT")
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T00:00:00+01:00",
        "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00.12345678901Z",
    ])
    func refusesWhatIsNoTime(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test func exchangeIDsAreUUIDsInTheOrderOfTheirTime() throws {
        var generator = SystemRandomNumberGenerator()
        let first = ExchangeID(at: Timestamp(seconds: 1), using: &generator)
        let second = ExchangeID(at: Timestamp(seconds: 2), using: &generator)
        let soonAfter = ExchangeID(at: Timestamp(nanoseconds: 1_000_000_250), using: &generator)
        #expect(first.description < soonAfter.description)
        #expect(soonAfter.description < second.description)
        #expect(first.description.count == 36)
        #expect(Array(first.description)[14] == "7")
        #expect("89ab".contains(Array(first.description)[19]))
        #expect(ExchangeID(first.description.uppercased()) == first)
        #expect(ExchangeID(bytes: first.bytes[...]) == first)
        #expect(ExchangeID("x" + first.description.dropFirst()) == nil)
        #expect(ExchangeID(first.description + "0") == nil)
    }

    @Test(arguments: ["", "-a", "a-", "A", "a_b", "a.b", "a/b", String(repeating: "a", count: 64)])
    func clusterNamesAreDNSLabels(text: String) { #expect(ClusterName(text) == nil) }

    @Test func base64IsStrict() {
        #expect(Base64.decode("aGVsbG8=") == Array("hello".utf8))
        #expect(Base64.decode("aGVs\nbG8=\r\n") == Array("hello".utf8))
        for text in ["a", "ab", "abc", "aGVsbG8", "aGVs=G8=", "aG Vs", "====", "aGVsbG8!"] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
        #expect(Base64.encodeURL([0xFB, 0xFF]) == "-_8")
        #expect(Base64.decodeURL("-_8") == [0xFB, 0xFF])
        // Another spelling of the same bytes.
        #expect(Base64.decodeURL("-_9") == nil)
        for count in 0..<50 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 77) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
        }
    }

    @Test func formsReadBackAsTheyWereWritten() throws {
        let fields = FormFields([("a b", "c&d=e"), ("\u{E9}", ""), ("x", "1"), ("x", "2")])
        #expect(FormFields(parsing: fields.encoded) == fields)
        #expect(FormFields(parsing: "a=b+c")?["a"] == "b c")
        #expect(FormFields(parsing: "a=%zz") == nil)
        #expect(FormFields(parsing: "a=%ff") == nil)
    }
}
