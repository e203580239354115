import Foundation
import Testing

@testable import Masking

@Suite struct DetectorTests {
    /// One line of Examples/detectors.txt.
    struct Example: CustomTestStringConvertible, Sendable {
        let detector: String
        let line: String

        var testDescription: String { "\(detector) \(line)" }

        /// The text, and what of it is the secret.
        func expand() -> (text: [UInt8], secret: Range<Int>?) {
            var text = ""
            var rest = line.dropFirst(2)
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                text += rest[..<open]
                let parts = rest[rest.index(after: open)..<close].split(separator: ":")
                if parts.count == 2, let letters = Self.classes[parts[0]], let length = Int(parts[1]) {
                    text += Self.made(length, letters)
                } else {
                    text += rest[open...close]
                }
                rest = rest[rest.index(after: close)...]
            }
            text = (text + rest).replacing("\\n", with: "\n")
            let plain = text.filter { $0 != "«" && $0 != "»" }
            guard let start = text.firstIndex(of: "«"), let end = text.firstIndex(of: "»") else {
                return (Array(plain.utf8), nil)
            }
            let before = text[..<start].utf8.count
            return (Array(plain.utf8), before..<before + text[text.index(after: start)..<end].utf8.count)
        }

        private static let classes: [Substring: String] = [
            "alnum": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "base32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "hex": "0123456789abcdef", "digits": "0123456789",
            "base64": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
            "base64url": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
            "lower": "abcdefghijklmnopqrstuvwxyz", "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        ]

        /// Begins and ends with a letter and holds a digit, as every text that is long enough does.
        private static func made(_ length: Int, _ letters: String) -> String {
            let ends = letters.filter(\.isLetter).isEmpty ? letters : letters.filter(\.isLetter)
            var text = Support.random(length, letters)
            guard length >= 3 else { return text }
            let digit = letters.contains("7") ? "7" : String(ends.first ?? "a")
            text = String(ends.randomElement() ?? "a") + digit + text.dropFirst(3) + String(ends.randomElement() ?? "a")
            return text
        }
    }

    static let examples: [Example] = {
        guard let url = Bundle.module.url(forResource: "Examples/detectors", withExtension: "txt"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        var detector = ""
        return text.split(separator: "\n").compactMap { line in
            if line.hasPrefix("#") { return nil }
            if line.hasPrefix("+ ") || line.hasPrefix("- ") { return Example(detector: detector, line: String(line)) }
            detector = String(line)
            return nil
        }
    }()

    @Test(arguments: examples) func findsWhatIsASecretAndNothingElse(example: Example) throws {
        let detector = try #require(Detector.builtIn.first { $0.name == example.detector })
        let set = DetectorSet([detector])
        for _ in 0..<20 {
            let (text, secret) = example.expand()
            let found = text.withUnsafeBytes { set.findings(in: $0) }
            #expect(found.map(\.range) == (secret.map { [$0] } ?? []), "\(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test func everyDetectorHasExamplesOfBothKinds() {
        for detector in Detector.builtIn {
            let lines = Self.examples.filter { $0.detector == detector.name }.map(\.line)
            #expect(lines.contains { $0.hasPrefix("+") } && lines.contains { $0.hasPrefix("-") }, "\(detector.name)")
        }
        #expect(Self.examples.count > 100)
    }

    @Test func allTogetherFindEachExampleToo() {
        let set = DetectorSet(Detector.builtIn)
        for example in Self.examples where example.line.hasPrefix("+") {
            let (text, secret) = example.expand()
            let found = text.withUnsafeBytes { set.findings(in: $0) }
            guard let secret else { continue }
            #expect(found.contains { $0.range.clamped(to: secret) == secret }, "\(example)")
        }
    }

    @Test func anOperatorsDetectorFindsItsOwn() throws {
        let detector = Detector(name: "acme", prefix: "acme_", characters: .alphanumeric, length: 20...30)
        let text = Array("a acme_\(Support.random(20)) b acme_\(Support.random(31))".utf8)
        let found = text.withUnsafeBytes { DetectorSet([detector]).findings(in: $0) }
        #expect(found.map(\.range) == [2..<27])
    }
}
