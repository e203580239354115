import ManifestEditing
import Testing

@Suite struct ManifestEditorTests {
    private func edit(_ text: String) throws -> String {
        String(decoding: try Fixtures.editor().edit(Array(text.utf8)).bytes, as: UTF8.self)
    }

    @Test func lineEndingsAreKept() throws {
        let crlf = Fixtures.object("a").replacing("\n", with: "\r\n")
        #expect(try edit(crlf) == Fixtures.annotated("a").replacing("\n", with: "\r\n"))
        let carriageReturns = Fixtures.object("a").replacing("\n", with: "\r")
        #expect(try edit(carriageReturns) == Fixtures.annotated("a").replacing("\n", with: "\r"))
    }

    @Test func aMissingFinalLineEndingStaysMissing() throws {
        #expect(try edit(String(Fixtures.object("a").dropLast())) == String(Fixtures.annotated("a").dropLast()))
        let bare = "apiVersion: v1\nkind: ConfigMap\nmetadata:"
        #expect(try edit(bare).hasSuffix("byline.dev/prompt-id: \"p-1\""))
    }

    @Test func byteOrderMarksAreKept() throws {
        let text = "\u{FEFF}" + Fixtures.object("a") + "---\n\u{FEFF}" + Fixtures.object("b")
        #expect(try edit(text) == "\u{FEFF}" + Fixtures.annotated("a") + "---\n\u{FEFF}" + Fixtures.annotated("b"))
        let json = "\u{FEFF}{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{}}"
        #expect(try edit(json).hasPrefix("\u{FEFF}{\"apiVersion\""))
        #expect(try Fixtures.editor().edit(Array(json.utf8)).documents.map(\.outcome) == [.annotated(objects: 1)])
    }

    @Test(arguments: [true, false]) func utf16IsEditedAsUTF16(bigEndian: Bool) throws {
        let encode = { (text: String) in
            text.utf16.flatMap { unit in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return bigEndian ? bytes : bytes.reversed()
            }
        }
        let before = "\u{FEFF}# 😀\n" + Fixtures.object("a") + "---\n" + Fixtures.object("b")
        let after = "\u{FEFF}# 😀\n" + Fixtures.annotated("a") + "---\n" + Fixtures.annotated("b")
        #expect(try Fixtures.editor().edit(encode(before)).bytes == encode(after))
        for chunk in [1, 3, 64] {
            let violation = EditingProperties.violation(
                encode(before), editor: try Fixtures.editor(), chunk: chunk)
            #expect(violation == nil)
        }
    }

    @Test func textThatCannotBeDecodedIsRefusedWithItsPlace() throws {
        let editor = try Fixtures.editor()
        let latin = Array("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"".utf8) + [0xE9] + Array("\"}\n".utf8)
        #expect(editor.edit(latin).refusals == [ManifestRefusal(.notUTF8, at: ManifestPlace(line: 3, column: 19))])
        #expect(editor.edit(latin).bytes == latin)
        let halfPair: [UInt8] = [0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00, 0x3D, 0xD8, 0x61, 0x00, 0x62, 0x00]
        #expect(editor.edit(halfPair).refusals == [ManifestRefusal(.notUTF16, at: ManifestPlace(line: 2, column: 1))])
        #expect(editor.edit(halfPair).bytes == halfPair)
        let odd: [UInt8] = [0xFF, 0xFE, 0x61]
        #expect(editor.edit(odd).refusals == [ManifestRefusal(.notUTF16, at: ManifestPlace(line: 1, column: 1))])
        #expect(editor.edit(odd).bytes == odd)
    }

    @Test func whateverAValueHoldsIsReadBack() throws {
        let values = [
            "", " ", "yes", "null", "~", "0777", "1e3", "a: b # c", "\"\\'", "{{ x }}", "line\nline\r\n",
            "\t\u{0}\u{7F}",
            "\u{85}\u{A0}\u{2028}\u{2029}\u{FEFF}\u{FFFE}", "größe 😀", String(repeating: "long ", count: 2_000),
        ]
        let shapes = [
            Fixtures.object("a"), "{\"apiVersion\":\"v1\",\"kind\":\"X\"}",
            "---\n{apiVersion: v1, kind: X, metadata: }",
            Fixtures.object("a") + "  annotations: {x: y}\n",
        ]
        for value in values {
            let editor = try ManifestEditor([ManifestAnnotation(key: "t/k", value: value)])
            let other = try ManifestEditor([ManifestAnnotation(key: "t/k", value: value + "x")])
            for shape in shapes {
                let edited = editor.edit(other.edit(Array(shape.utf8)).bytes)
                #expect(edited.documents.last?.outcome == .annotated(objects: 1))
                #expect(EditingProperties.violation(Array(shape.utf8), editor: editor) == nil)
            }
        }
    }

    @Test func keysThatWouldReadAsSomethingElseAreQuoted() throws {
        let editor = try ManifestEditor([
            ManifestAnnotation(key: "true", value: "a"), ManifestAnnotation(key: "1", value: "b"),
        ])
        let edited = String(decoding: editor.edit(Array(Fixtures.object("a").utf8)).bytes, as: UTF8.self)
        #expect(edited.contains("    \"true\": \"a\"\n    \"1\": \"b\"\n"))
    }

    @Test func refusesAnnotationsThatNoObjectMayHave() {
        #expect(throws: ManifestAnnotationFault.keyIsNoQualifiedName("a b")) {
            try ManifestAnnotation(key: "a b", value: "")
        }
        for key in ["", "/a", "a/", "a/b/c", "-a", "A.b/c", "a..b/c", String(repeating: "n", count: 64), "é"] {
            #expect(throws: ManifestAnnotationFault.self) { try ManifestAnnotation(key: key, value: "") }
        }
        #expect(throws: ManifestAnnotationFault.duplicateKey("a")) {
            try ManifestEditor([ManifestAnnotation(key: "a", value: "1"), ManifestAnnotation(key: "a", value: "2")])
        }
        #expect(throws: ManifestAnnotationFault.tooLarge(limit: 262_144)) {
            try ManifestEditor([ManifestAnnotation(key: "a", value: String(repeating: "x", count: 262_144))])
        }
    }

    @Test func refusesMoreAnnotationsThanKubernetesKeeps() throws {
        let large = String(repeating: "x", count: 262_130)
        let text = "apiVersion: v1\nkind: X\nmetadata:\n  annotations:\n    other: \(large)\n"
        let place = ManifestPlace(line: 1, column: 1)
        let refusal = ManifestRefusal(.annotationsTooLarge(limit: 262_144), at: place)
        #expect(try Fixtures.editor().edit(Array(text.utf8)).refusals == [refusal])
    }

    @Test func refusesNestingWithoutEnd() throws {
        for open in ["[", "{a: ", "{\"a\":"] {
            let text = "{\"apiVersion\":\"v1\",\"kind\":\"X\",\"x\":" + String(repeating: open, count: 100_000)
            #expect(try Fixtures.editor().edit(Array(text.utf8)).refusals.count == 1)
        }
    }
}
