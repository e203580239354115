import Testing
import YAMLReading

@Suite struct YAMLNodeTests {
    private func read(_ text: String) throws -> YAMLNode? { try YAMLNode.read(Array(text.utf8)) }

    @Test func readsTreesWithPlaces() throws {
        let root = try #require(try read("a:\n  - b: 1\n    c: \"null\"\n  - ~\n"))
        let list = try #require(root["a"]?.elements)
        #expect(list[0]["b"]?.text == "1")
        #expect(list[0]["c"]?.text == "null")
        #expect(list[0]["c"]?.place == YAMLPlace(line: 3, column: 8))
        #expect(list[1].isNull)
        #expect(try read("# nothing\n") == nil)
    }

    @Test func anchorsAreRead() throws {
        let root = try #require(try read("a: &x {b: c}\nd: *x\n"))
        #expect(root["d"]?["b"]?.text == "c")
    }

    @Test func tellsWhatIsWrongAndWhere() {
        #expect(throws: YAMLFault(.duplicateKey("a"), at: YAMLPlace(line: 2, column: 1))) { try read("a: 1\na: 2\n") }
        #expect(throws: YAMLFault(.unknownAlias("x"), at: YAMLPlace(line: 1, column: 4))) { try read("a: *x") }
        #expect(throws: YAMLFault(.severalDocuments, at: YAMLPlace(line: 2, column: 1))) {
            try read("a: 1\n---\nb: 2\n")
        }
        #expect(throws: YAMLFault.self) { try read("a: [1") }
        #expect(throws: YAMLFault.self) { try read("a: b: c") }
    }

    @Test func refusesWhatWouldExhaustMemory() {
        let bomb = (0..<40).reduce("x0: &x0 [a]\n") { $0 + "x\($1 + 1): &x\($1 + 1) [*x\($1), *x\($1)]\n" }
        #expect(throws: YAMLFault.self) { try read(bomb) }
        #expect(throws: YAMLFault.self) { try read(String(repeating: "[", count: 10_000)) }
    }
}
