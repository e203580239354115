import Tagging
import Testing
import Vocabulary

@Suite struct BaggageTests {
    @Test func aBylineReadsBackAsItWasWritten() throws {
        let byline = Byline([.model: "a,b; c=d", .promptID: "caf\u{E9} %41", .conversation: "c"], trust: .asserted)
        #expect(try Baggage.decode([Baggage.encode(byline)]) == byline)
        #expect(Baggage.encode(Byline()) == "")
    }

    @Test func membersOfOthersAndPropertiesArePassedOver() throws {
        let byline = try Baggage.decode([" userId = alice , prompt.id = p-1 ;ttl=5 ", "gen_ai.request.model=m"])
        #expect(byline[.promptID]?.value == "p-1")
        #expect(byline[.model]?.value == "m")
        #expect(byline.fields.count == 2)
    }

    @Test func refusesWhatCannotBeBelieved() {
        #expect(throws: Baggage.Fault.contradiction(.promptID)) { try Baggage.decode(["prompt.id=a,prompt.id=b"]) }
        #expect(throws: Baggage.Fault.invalidValue(.promptID)) { try Baggage.decode(["prompt.id=%0d%0aX-Evil%3a1"]) }
        #expect(throws: Baggage.Fault.invalidValue(.promptID)) { try Baggage.decode(["prompt.id=%ff"]) }
        #expect(throws: Baggage.Fault.valueTooLong(.model, limit: 1_024)) {
            try Baggage.decode(["gen_ai.request.model=" + String(repeating: "m", count: 1_025)])
        }
        #expect(throws: Baggage.Fault.tooLong(limit: 8_192)) {
            try Baggage.decode([String(repeating: "x", count: 8_193)])
        }
    }
}
