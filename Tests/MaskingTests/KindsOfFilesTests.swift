import Foundation
import Testing

@testable import Masking

/// What files of usual kinds hold, by Examples/files.txt: how much of what is secret is found, and how much else.
@Suite struct KindsOfFilesTests {
    private static let lines: [String] = {
        guard let url = Bundle.module.url(forResource: "Examples/files", withExtension: "txt"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("+ ") || $0.hasPrefix("- ") }
    }()

    /// The text, and what of it is secret.
    private static func expand(_ line: String) -> (text: String, secret: String?) {
        let text = String(line.dropFirst(2)).replacing("\\n", with: "\n")
        guard let start = text.firstIndex(of: "«"), let end = text.firstIndex(of: "»") else { return (text, nil) }
        return (text.filter { $0 != "«" && $0 != "»" }, String(text[text.index(after: start)..<end]))
    }

    private enum Way: CaseIterable {
        case log
        case pieces
        case configMap

        func mask(_ text: String) throws -> String {
            let log = "/api/v1/namespaces/n/pods/p/log"
            switch self {
            case .log, .pieces:
                let masker = try Support.plan(log).responseMasker(contentType: "text/plain", contentEncoding: nil)
                return try Support.mask(text, masker, sizes: [self == .log ? Int.max : 1]).delivered
            case .configMap:
                let file = try JSONEncoder().encode(["data": ["file": text]])
                let body = String(decoding: file, as: UTF8.self).replacing("\\/", with: "/")
                let masked = try Support.maskObjects(body, "/api/v1/namespaces/n/configmaps")
                return masked == body ? text : masked
            }
        }
    }

    @Test func findsWhatIsSecretInThemAndNothingElse() throws {
        #expect(Self.lines.count { $0.hasPrefix("+") } >= 150 && Self.lines.count { $0.hasPrefix("-") } >= 150)
        for way in Way.allCases {
            var (found, missed, wrong) = (0, 0, 0)
            for line in Self.lines {
                let (text, secret) = Self.expand(line)
                let masked = try way.mask(text)
                if let secret {
                    let spelled = secret.replacing("\\\"", with: "\\\\\\\"")
                    let isFound = masked.contains(Mask.prefix) && !masked.contains(secret) && !masked.contains(spelled)
                    if isFound { found += 1 } else { missed += 1 }
                    #expect(isFound, "\(way) \(line) → \(masked)")
                    if way == .log, isFound {
                        let mask = try Regex("byline:masked:hmac-sha256:[0-9a-f]{32}")
                        let parts = text.components(separatedBy: secret)
                        #expect(
                            masked.replacing(mask, with: "\u{0}") == parts.joined(separator: "\u{0}"),
                            "\(line) → \(masked)")
                    }
                } else {
                    if masked != text { wrong += 1 }
                    #expect(masked == text, "\(way) \(line) → \(masked)")
                }
            }
            let precision = Double(found) / Double(max(1, found + wrong))
            let recall = Double(found) / Double(max(1, found + missed))
            print(
                "masking files of usual kinds, \(way): precision \(precision), recall \(recall) of \(Self.lines.count) examples"
            )
        }
    }
}

@Suite struct TellingNamesTests {
    private static func strength(_ name: String, own: [String] = []) -> TellingNames.Strength? {
        Array(name.utf8).withUnsafeBytes { TellingNames(own: own).strength($0) }
    }

    @Test(arguments: [
        "password", "DB_PASS", "smtpPass", "SMTP-PASS", "db.pass", "DB_PASSWORD_PROD", "PASSWORD2", "password_2_old",
        "userPW",
        "dbpassword", "passwordValue", "mysql_pwd",
    ])
    func tellOfWhatAPersonTypes(name: String) {
        #expect(Self.strength(name) == .password)
    }

    @Test(arguments: [
        "SECRET_KEY_BASE", "apiKeyV2", "x-api-key", "client_secret_live", "GITHUB_PAT", "accessToken1", "DB_CREDS",
    ])
    func tellOfWhatIsMade(name: String) {
        #expect(Self.strength(name) == .token)
    }

    @Test(arguments: [
        "name", "key", "compass", "bypass", "passwordFile", "secretName", "proxy_pass", "passed", "tokenizer", "author",
        "", "_", "7",
        "pat", "primaryKey", "passwordPolicy",
    ])
    func tellNothingOtherwise(name: String) { #expect(Self.strength(name) == nil) }

    @Test func ofAVerbTheValueMustLookLikeASecret() {
        #expect(Self.strength("CHANGE_PASSWORD") == .policy && Self.strength("usePassword") == .policy)
        #expect(Self.strength("pass") == .pass && Self.strength("_auth") == .basic)
    }

    @Test func anOperatorsOwnTellToo() throws {
        #expect(Self.strength("kontoPinnummer", own: ["pin-nummer"]) == .password)
        #expect(Self.strength("kontoPinnummer") == nil)
        var configuration = MaskingConfiguration()
        configuration.tellingNames = ["pinnummer"]
        let plan = try Support.plan("/api/v1/namespaces/n/configmaps/c", Support.policy(configuration))
        let masker = try plan.responseMasker(contentType: "application/json", contentEncoding: nil)
        let seen = try Support.mask(#"{"data":{"kontoPinnummer":"Ahorn-77","f":"PINNUMMER_2=Ahorn-78\n"}}"#, masker)
            .delivered
        #expect(!seen.contains("Ahorn"))
    }

    /// The filter before the grammar lets every telling name through.
    @Test func theFilterPassesOverNoneThatTells() {
        let words =
            TellingWords.passwords + TellingWords.tokens + TellingWords.shortPasswords + TellingWords.shortTokens
        for word in words {
            for name in [
                word, word.uppercased(), "a_\(word)", "a_\(word)_prod", "\(word)2", "my.\(word)-test", "ü\(word)",
                "\(word) ",
            ] {
                let bytes = Array(name.utf8)
                bytes.withUnsafeBytes { name in
                    guard TellingNames.builtIn.strength(name) != nil else { return }
                    #expect(TellingNames.builtIn.filter.mayTell(name), "\(String(decoding: bytes, as: UTF8.self))")
                }
            }
        }
    }
}
