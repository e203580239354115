import Foundation
import ManifestEditing
import Testing

/// Each file under Cases: a manifest, a line `----------`, and what the editor makes of it; what it refuses or leaves
/// alone is told in lines after that. `RECORD_CASES=DIR` rewrites the expectations in DIR.
@Suite struct CasesTests {
    static let names: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).sorted()
    }()

    private static let folder = Bundle.module.resourceURL?.appending(path: "Cases") ?? URL(filePath: "/nowhere")
    private static let line = "----------\n"

    @Test func everyCaseIsFound() { #expect(Self.names.count > 80) }

    @Test(arguments: names) func editsAsItsCaseSays(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let parts = text.components(separatedBy: "\n" + Self.line)
        let input = try #require(parts.first) + "\n"
        let found = Self.told(try Fixtures.editor().edit(Array(input.utf8)))
        if let folder = ProcessInfo.processInfo.environment["RECORD_CASES"] {
            try (input + Self.line + found).write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        #expect(found == parts.dropFirst().joined(separator: "\n" + Self.line))
    }

    @Test(arguments: names) func everyPropertyHolds(_ name: String) throws {
        let input = try Data(contentsOf: Self.folder.appending(path: name))
        for chunk in [1, 7, 4_096] {
            #expect(EditingProperties.violation(Array(input), editor: try Fixtures.editor(), chunk: chunk) == nil)
        }
        let crlf = String(decoding: input, as: UTF8.self).replacingOccurrences(of: "\n", with: "\r\n")
        #expect(EditingProperties.violation(Array(crlf.utf8), editor: try Fixtures.editor(), chunk: 3) == nil)
    }

    private static func told(_ edited: EditedManifest) -> String {
        var text = String(decoding: edited.bytes, as: UTF8.self)
        for document in edited.documents {
            switch document.outcome {
            case .annotated: continue
            case .untouched(let reason): text += "untouched \(document.line): \(reason)\n"
            case .refused(let refusals): for refusal in refusals { text += "refused \(refusal), \(refusal.hint)\n" }
            }
        }
        return text
    }
}
