import Foundation
import TestSupport
import Testing

@testable import Client

@Suite struct ManifestFinderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let manager = FileManager.default
        for inner in ["sub/deep", "empty"] {
            try manager.createDirectory(atPath: "\(folder.path)/\(inner)", withIntermediateDirectories: true)
        }
        for name in [
            "b.yaml", "a.json", "Z.yml", ".hidden.yaml", "README", "x.yaml.bak", "sub/c.yaml", "sub/deep/d.yaml",
            "a[1].yaml",
        ] {
            try Data().write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        }
        try manager.createSymbolicLink(atPath: "\(folder.path)/link.yaml", withDestinationPath: "b.yaml")
        try manager.createSymbolicLink(atPath: "\(folder.path)/linked", withDestinationPath: "sub")
    }

    private func found(_ name: String, recursive: Bool = false) -> [String]? {
        ManifestFinder(isRecursive: recursive).files(named: "\(folder.path)/\(name)")?
            .map { String($0.path.dropFirst(folder.path.count + 1)) }
    }

    @Test func takesFromAFolderWhatKubectlTakesInItsOrder() {
        let here = [".hidden.yaml", "Z.yml", "a.json", "a[1].yaml", "b.yaml", "link.yaml"]
        #expect(found("") == here)
        #expect(found("./", recursive: true) == here + ["sub/c.yaml", "sub/deep/d.yaml"])
        #expect(found("empty") == nil)
    }

    @Test func takesAFileWhateverItsName() {
        #expect(found("README") == ["README"])
        #expect(found("nothing.yaml") == nil)
        // A name that is there is no pattern.
        #expect(found("a[1].yaml") == ["a[1].yaml"])
    }

    @Test func matchesPatternsAsGoDoes() {
        #expect(found("*.yaml") == [".hidden.yaml", "a[1].yaml", "b.yaml", "link.yaml"])
        #expect(found("?.*") == ["Z.yml", "a.json", "b.yaml"])
        #expect(found("s*/[a-d].yaml") == ["sub/c.yaml"])
        #expect(found("su[a-z]") == ["sub/c.yaml"])
        #expect(found("*.nothing") == nil)
        #expect(found("[!b].yaml") == nil)
    }

    @Test func knowsWhereAFileIsBelowWhatWasNamed() {
        let files = ManifestFinder(isRecursive: true).files(named: "\(folder.path)/sub")
        #expect(files?.map(\.relativePath) == ["c.yaml", "deep/d.yaml"])
    }
}
