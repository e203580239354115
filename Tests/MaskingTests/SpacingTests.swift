import NIOCore
import Testing
import Vocabulary

@testable import Masking

/// JSON as the API server spells it is passed over where it says nothing; with white space between its tokens all of it is
/// looked at. Both must come to the same.
@Suite struct SpacingTests {
    private struct Document {
        private static let names = [
            "name", "value", "args", "command", "env", "password", "x", "token", "api-key", "private key", "items",
            "object", "data", "metadata", "annotations", "k:{\\\"type\\\":\\\"Ready\\\"}", "pwd", "uid", "dsn", "rows",
            "aPwd", "secretName", "client_secret", "p\\u0061ssword",
        ]
        private static let strings = [
            "", "a", "plain text", "DB_PASSWORD", "TOKEN", "--password", "--listen", "s3cr3t-Val",
            "https://u:hunter22@h/", "password=hunter22", "say \\\"token=a1B2c3D4e5F6g7H8\\\"",
            "ghp_\(String(repeating: "a1", count: 18))",
            "{\\\"password\\\":\\\"hunter22\\\"}", "c2VjcmV0", "line\\nline", "é😀", "/var/run/secrets/kubernetes.io",
        ]
        private static let words = ["null", "true", "false", "0", "7", "-1", "12345678901234567890", "1.5", "1e3"]

        private(set) var tokens: [String] = []

        init() { add(depth: 0) }

        private mutating func add(depth: Int) {
            switch Int.random(in: 0..<(depth > 5 ? 6 : 12)) {
            case 0...1: tokens.append(Self.words.randomElement() ?? "0")
            case 2...5: tokens.append("\"\(Self.strings.randomElement() ?? "")\"")
            case 6...7: list("[", "]") { $0.add(depth: depth + 1) }
            default:
                list("{", "}") { document in
                    document.tokens += ["\"\(Self.names.randomElement() ?? "")\"", ":"]
                    document.add(depth: depth + 1)
                }
            }
        }

        private mutating func list(_ open: String, _ close: String, _ member: (inout Document) -> Void) {
            tokens.append(open)
            for index in 0..<Int.random(in: 0...5) {
                if index > 0 { tokens.append(",") }
                member(&self)
            }
            tokens.append(close)
        }
    }

    @Test(arguments: ["pods", "secrets", "configmaps"])
    func whiteSpaceChangesNothing(resource: String) throws {
        let policy = try Support.policy()
        let masker = try Support.plan("/api/v1/namespaces/n/\(resource)", policy).responseMasker(
            contentType: "application/json", contentEncoding: nil)
        var count = 0
        for _ in 0..<1_000 {
            let tokens = Document().tokens
            let compact = try Support.mask(tokens.joined(), masker)
            let spaced = try Support.mask(tokens.joined(separator: " "), masker)
            #expect(compact.maskings.map(\.rule) == spaced.maskings.map(\.rule), "\(tokens.joined())")
            #expect(compact.maskings.map(\.original) == spaced.maskings.map(\.original))
            #expect(try JSON(parsing: compact.delivered) == JSON(parsing: spaced.delivered), "\(tokens.joined())")
            let cut = try Support.mask(tokens.joined(), masker, sizes: [Int.random(in: 1...9)])
            #expect(cut.delivered == compact.delivered)
            count += compact.maskings.count
        }
        #expect(count > 300)
    }
}
