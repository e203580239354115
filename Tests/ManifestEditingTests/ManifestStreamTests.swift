import ManifestEditing
import Testing

@Suite struct ManifestStreamTests {
    @Test func aDocumentComesOutAsSoonAsItIsWhole() throws {
        var stream = try Fixtures.editor().stream()
        #expect(
            stream.append(Array((Fixtures.object("a") + "---\n").utf8)).map(\.bytes) == [
                Array(Fixtures.annotated("a").utf8)
            ])
        #expect(stream.append(Array(Fixtures.object("b").utf8)).isEmpty)
        #expect(stream.finish().map(\.bytes) == [Array(("---\n" + Fixtures.annotated("b")).utf8)])
    }

    @Test func jsonComesOutValueByValue() throws {
        var stream = try Fixtures.editor().stream()
        let value = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"}{"}}"#
        #expect(stream.append(Array((value + value + "{").utf8)).count == 2)
        #expect(stream.finish().map(\.bytes) == [Array("{".utf8)])
    }

    @Test func bracesThatAreNotJSONAreNotWaitedFor() throws {
        var stream = try Fixtures.editor().stream()
        let kyaml = "{apiVersion: v1, kind: ConfigMap, metadata: {name: \"a\"}} # don't count this \"\n---\n"
        #expect(stream.append(Array(kyaml.utf8)).map(\.outcome) == [.annotated(objects: 1)])
    }

    @Test func aLongStreamIsNotHeld() throws {
        let documents = Array(String(repeating: Fixtures.object("a") + "---\n", count: 50).utf8)
        var stream = try Fixtures.editor().stream()
        for _ in 0..<40 {
            // All but the last document are out, so that nothing gathers.
            #expect(stream.append(documents).count >= 49)
        }
        #expect(stream.finish().count <= 1)
    }

    @Test func whatIsNotLookedAtFarEnoughIsNotTakenForJSON() throws {
        let value = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#
        let near = try Fixtures.editor().edit(Array((String(repeating: "\n", count: 4_095) + value + value).utf8))
        #expect(near.documents.count == 2)
        // kubectl too reads no further than the first value here.
        let far = try Fixtures.editor().edit(Array((String(repeating: "\n", count: 4_096) + value + value).utf8))
        #expect(far.documents.count == 1)
    }

    @Test func linesAreTheStreamsOwn() throws {
        let text = Fixtures.object("a") + "---\n# c\n" + Fixtures.object("b") + "metadata: {}\n"
        #expect(
            try Fixtures.editor().edit(Array(text.utf8)).refusals == [
                ManifestRefusal(.duplicateKey("metadata"), at: ManifestPlace(line: 11, column: 1))
            ])
    }
}
