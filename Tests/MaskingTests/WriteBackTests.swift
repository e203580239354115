import Testing

@testable import Masking

/// A stand-in for the masking rules that masks members of these names, and counts on nothing else.
private func mask(_ bytes: [UInt8]) -> [UInt8]? {
    var text = String(decoding: bytes, as: UTF8.self)
    for (secret, digits) in secrets {
        for name in ["password", "token"] {
            text = text.replacing("\"\(name)\":\"\(secret)\"", with: "\"\(name)\":\"\(shown(digits))\"")
            text = text.replacing("\\\"\(name)\\\":\\\"\(secret)\\\"", with: "\\\"\(name)\\\":\\\"\(shown(digits))\\\"")
            text = text.replacing("\(name)=\(secret) ", with: "\(name)=\(shown(digits)) ")
        }
    }
    return Array(text.utf8)
}

private let secrets = [("Kiesel-88", "a"), ("Moos-66", "b")]
private func shown(_ digit: String) -> String { Mask.prefix + String(repeating: digit, count: 32) }
private let a = shown("a")
private let b = shown("b")

private let present = #"""
    {"metadata":{"name":"db","resourceVersion":"41","annotations":{}},"spec":{"password":"Kiesel-88","size":1,
    "env":[{"name":"A","token":"Moos-66"},{"name":"B","token":"Kiesel-88"}],"line":"host=db password=Kiesel-88 port=1"}}
    """#

private func restore(_ body: String, _ form: WriteBack.Form) throws -> WriteBack.Restored {
    try #require(WriteBack(present: Array(present.utf8), masking: mask)).restore(Array(body.utf8), as: form)
}

private func text(_ restored: WriteBack.Restored) -> String { String(decoding: restored.bytes, as: UTF8.self) }

@Suite struct WriteBackTests {
    @Test func restoresAMaskAtItsPlace() throws {
        let restored = try restore(
            #"{"metadata":{"resourceVersion":"41"},"spec":{"password":"\#(a)","size":2}}"#, .whole)
        #expect(text(restored) == #"{"metadata":{"resourceVersion":"41"},"spec":{"password":"Kiesel-88","size":2}}"#)
        #expect(restored.fields == [".spec.password"])
    }

    @Test func bindsTheWriteToTheStateThatItWasRestoredFrom() throws {
        #expect(
            text(try restore(#"{"spec":{"password":"\#(a)"}}"#, .part))
                == #"{"metadata":{"resourceVersion":"41"},"spec":{"password":"Kiesel-88"}}"#)
        #expect(
            text(try restore(#"{"metadata":{},"spec":{"password":"\#(a)"}}"#, .whole))
                == #"{"metadata":{"resourceVersion":"41"},"spec":{"password":"Kiesel-88"}}"#)
    }

    @Test func findsElementsByTheirMergeKey() throws {
        let restored = try restore(#"{"spec":{"env":[{"name":"N"},{"name":"B","token":"\#(a)"}]}}"#, .part)
        #expect(
            text(restored).hasSuffix(#"{"spec":{"env":[{"name":"N"},{"name":"B","token":"Kiesel-88"}]}}"#.dropFirst()))
    }

    @Test(arguments: [
        // Another field, another element, an older value, a new field, a name, a directive.
        #"{"spec":{"password":"\#(b)"}}"#, #"{"spec":{"env":[{"name":"B","token":"\#(b)"}]}}"#,
        #"{"spec":{"password":"\#(shown("c"))"}}"#, #"{"spec":{"color":"\#(a)"}}"#, #"{"spec":{"\#(a)":"x"}}"#,
        #"{"spec":{"$setElementOrder/env":["\#(a)"]}}"#, #"{"spec":{"password":"x\#(a)"}}"#,
        #"{"spec":{"password":{"password":"\#(a)"}}}"#,
        // The value would no longer be masked beside these words.
        #"{"spec":{"line":"host=db color=\#(a) port=1"}}"#,
    ])
    func refusesAMaskThatWasMoved(_ body: String) {
        #expect(throws: WriteBack.Fault.self) { try restore(body, .part) }
    }

    @Test func restoresAMaskWithinALine() throws {
        let restored = try restore(#"{"spec":{"line":"host=other password=\#(a) port=2"}}"#, .part)
        #expect(text(restored).contains(#""line":"host=other password=Kiesel-88 port=2""#))
    }

    @Test func restoresWhatKubectlHasApplied() throws {
        let applied = #"{\"spec\":{\"password\":\"\#(a)\"}}"#
        let restored = try restore(
            #"{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"\#(applied)"}}}"#, .part)
        #expect(text(restored).contains(#"{\"spec\":{\"password\":\"Kiesel-88\"}}"#))
    }

    @Test func restoresTheValuesOfAJSONPatch() throws {
        let restored = try restore(#"[{"op":"replace","path":"/spec/env/1/token","value":"\#(a)"}]"#, .operations)
        #expect(
            text(restored)
                == #"[{"op":"replace","path":"/metadata/resourceVersion","value":"41"},{"op":"replace","path":"/spec/env/1/token","value":"Kiesel-88"}]"#
        )
    }

    @Test(arguments: [
        #"[{"op":"add","path":"/spec/color","value":"\#(a)"}]"#,
        #"[{"op":"add","path":"/spec/env/-","value":"\#(a)"}]"#,
        #"[{"op":"remove","path":"/spec/env/0"},{"op":"replace","path":"/spec/env/1/token","value":"\#(a)"}]"#,
        #"[{"op":"move","from":"/spec","path":"/other"},{"op":"add","path":"/spec/password","value":"\#(a)"}]"#,
    ])
    func refusesAJSONPatchThatMovesMasks(_ body: String) {
        #expect(throws: WriteBack.Fault.self) { try restore(body, .operations) }
    }
}
