import Testing
import Vocabulary

@Suite struct NameSetTests {
    private let names = NameSet(["te", "x-remote-", "connection", "content-length"])

    @Test(arguments: [("TE", "te"), ("Connection", "connection"), ("cOnTeNt-LeNgTh", "content-length")])
    func findsNamesOfEveryCase(text: String, name: String) {
        #expect(names.find(text) == name)
        #expect(names.contains(text))
    }

    @Test(arguments: ["", "t", "tf", "content\u{D}length", "connections", "connectio\u{CE}", "CONNECTIO\u{17F}", "é"])
    func findsNothingElse(text: String) { #expect(names.find(text) == nil) }

    @Test func knowsItsNamesAsPrefixes() {
        #expect(names.containsPrefix(of: "X-Remote-User"))
        #expect(names.containsPrefix(of: "x-remote-"))
        #expect(!names.containsPrefix(of: "x-remote"))
        #expect(!NameSet([]).containsPrefix(of: "x"))
    }
}
