import Testing

@testable import Client

@Suite struct SettingsTextTests {
    private func text(_ string: String) throws -> SettingsText { try #require(SettingsText(Array(string.utf8))) }

    private func string(_ text: SettingsText) -> String { String(decoding: text.bytes, as: UTF8.self) }

    @Test(arguments: [
        "", "{}", "{}\n", "{ }", "{\n}\n", "{\"a\": 1}", "{\n  \"a\": 1\n}\n", "{\n\t\"a\": [1, 2.50, 1e3],\r\n}",
        "// c\n{\n  \"a\": 1, // d\n  /* e */ \"hooks\": {\"X\": []},\n}\n",
        "{\n  \"hooks\": {\n    \"X\": [\n      {\"mine\": true},\n    ],\n  },\n  \"z\": null\n}\n",
        "\u{FEFF}{\"hooks\": {\"X\": [{\"mine\": \"\\u007b // no comment\"}]}}",
    ])
    func whatIsAddedCanBeTakenOutAndNothingElseChanges(original: String) throws {
        var changed = try text(original)
        let areAdded = ["X", "Y"].map { changed.append("{\"ours\": true}", at: ["hooks", $0]) }
        #expect(areAdded == [true, true])
        #expect(string(changed).contains("{\"ours\": true}"))
        let isOurs: (SettingsText.Node) -> Bool = { $0["ours"] != nil }
        let areRemoved = ["Y", "X"].map { changed.remove(at: ["hooks", $0], where: isOurs) }
        #expect(areRemoved == [true, true])
        #expect(!string(changed).contains("ours"))
        let bare = original.filter { !$0.isWhitespace && $0 != "," }
        let left = string(changed).filter { !$0.isWhitespace && $0 != "," }
        let withoutEmpty = bare.replacing("\"hooks\":{\"X\":[]}", with: "")
        #expect(left == (bare.isEmpty ? "{}" : withoutEmpty) || left == bare)
    }

    @Test(arguments: ["[", "{", "{\"a\"}", "{\"a\": }", "{} {}", "{\"a\": /* }", "{\"a\": 01}", "\"a", "{a: 1}"])
    func whatIsNoJSONIsRefused(original: String) {
        #expect(SettingsText(Array(original.utf8)) == nil)
    }

    @Test func anythingElseWhereHooksBelongIsRefused() throws {
        for original in ["{\"hooks\": 1}", "{\"hooks\": {\"X\": \"a\"}}", "{\"hooks\": []}"] {
            var changed = try text(original)
            let isAdded = changed.append("{}", at: ["hooks", "X"])
            #expect(!isAdded)
            #expect(string(changed) == original)
        }
    }

    @Test func nestingHasAnEnd() {
        #expect(SettingsText(Array(String(repeating: "[", count: 100_000).utf8)) == nil)
    }
}
