import Testing

@testable import Client

@Suite struct NameRestorerTests {
    private let names: [Int32: String] = [7: "app.yaml", 71: "other file.yaml"]

    private func restored(_ text: String, piece: Int) -> String {
        var restorer = NameRestorer(names)
        var printed: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            printed += restorer.append(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        printed += restorer.finish()
        return String(decoding: printed, as: UTF8.self)
    }

    @Test(arguments: [
        (#"error when creating "/dev/./fd/./7": no"#, #"error when creating "app.yaml": no"#),
        ("/dev/./fd/./71", "other file.yaml"),
        ("/dev/./fd/./711 /dev/./fd/./7", "/dev/./fd/./711 app.yaml"),
        ("/dev/./fd/./ /dev/./fd/./x /dev/fd/7", "/dev/./fd/./ /dev/./fd/./x /dev/fd/7"),
        ("/dev/./dev/./fd/./7/dev/./fd/./71", "/dev/.app.yamlother file.yaml"),
        ("//dev/./fd/./7.", "/app.yaml."),
        ("/dev/./fd/./99999999999999999999", "/dev/./fd/./99999999999999999999"),
        ("", ""),
    ])
    func restoresNamesHoweverTheTextIsCut(_ given: String, _ expected: String) {
        for piece in [1, 2, 3, 5, 1_000] { #expect(restored(given, piece: piece) == expected) }
    }

    @Test func holdsNothingBackThatCannotBeAName() {
        var restorer = NameRestorer(names)
        #expect(restorer.append(Array("Warning: /dev/".utf8)) == Array("Warning: ".utf8))
        #expect(restorer.append(Array("x".utf8)) == Array("/dev/x".utf8))
        #expect(restorer.finish() == [])
    }
}
