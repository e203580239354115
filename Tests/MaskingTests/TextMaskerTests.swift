import NIOCore
import Testing

@testable import Masking

@Suite struct TextMaskerTests {
    private func masker() throws -> BodyMasker {
        try Support.plan("/api/v1/namespaces/n/pods/p/log").responseMasker(
            contentType: "text/plain", contentEncoding: nil)
    }

    @Test func everyWayToCutALogGivesTheSame() throws {
        let secret = Support.random(40)
        let key = "-----BEGIN PRIVATE KEY-----\n\(Support.random(64))\n\(Support.random(64))\n-----END PRIVATE KEY-----"
        let log =
            "started\nlogin with ghp_\(secret) ok\npassword=\(secret)\n\(key)\nlast line AKIA\(Support.random(16, "ABCDEFGH234567"))"
        let masker = try masker()
        let whole = try Support.mask(log, masker)
        #expect(whole.maskings.map(\.rule) == ["github-token", "named-value", "private-key", "aws-access-key-id"])
        for size in 1...log.utf8.count {
            #expect(try Support.mask(log, masker, sizes: [size]).delivered == whole.delivered)
        }
    }

    /// As `kubectl logs --timestamps` gives it, line by line and wherever it is cut.
    @Test func aKeysLinesAreMaskedBehindWhatStandsBeforeThem() throws {
        let lines = (0..<4).map { Support.random($0 == 3 ? 31 : 64) }
        let key = ["-----BEGIN PRIVATE KEY-----"] + lines + ["-----END PRIVATE KEY-----", "went on."]
        let log = key.enumerated().map { "2026-11-21T10:00:0\($0).25Z \($1)\n" }.joined()
        let masker = try masker()
        for size in stride(from: 1, through: log.utf8.count, by: 7) {
            let seen = try Support.mask(log, masker, sizes: [size]).delivered
            #expect(seen.hasPrefix("2026-11-21T10:00:00.25Z byline:masked:") && seen.hasSuffix("Z went on.\n"))
            guard !lines.contains(where: { seen.contains($0.suffix(24)) }) else {
                Issue.record("pieces of \(size): \(seen)")
                return
            }
        }
    }

    @Test func whatIsReleasedEarlyHoldsNoSecretThatCameInTwoPieces() throws {
        let secret = Support.random(40)
        let text = "token is ghp_\(secret) and more"
        for cut in 1..<text.utf8.count {
            guard case .text(var masker) = try masker() else { return }
            var delivered = ByteBuffer()
            var first = ByteBuffer(string: text)
            guard let head = first.readSlice(length: cut) else { return }
            for piece in [masker.consume(head), masker.release(), masker.consume(first), masker.finish()] {
                delivered.writeImmutableBuffer(piece.delivered.bytes)
            }
            let shown = String(buffer: delivered)
            #expect(!shown.contains(secret.suffix(38)) && shown.hasSuffix(" and more") && shown.hasPrefix("token is"))
        }
    }

    @Test func textOfNoRequestIsRecordedWithoutItsSecrets() throws {
        let secret = Support.random(24)
        let text = try Support.policy().record("use this:\npassword=\(secret)\nand go on\nwithout an end").text
        #expect(text.hasPrefix("use this:\npassword=byline:masked:") && text.hasSuffix("\nand go on\nwithout an end"))
        #expect(!text.contains(secret))
        #expect(try Support.policy().record("").text == "")
    }

    @Test func aPromptIsReleasedWhole() throws {
        guard case .text(var masker) = try masker() else { return }
        var shown = String(
            buffer: masker.consume(ByteBuffer(string: "\u{1B}[1;32mroot@web\u{1B}[0m:/# ")).delivered.bytes)
        shown += String(buffer: masker.release().delivered.bytes)
        #expect(shown == "\u{1B}[1;32mroot@web\u{1B}[0m:/# ")
        #expect(!masker.holdsBack)
    }

    @Test func theEnvironmentOfAProcessAndWhatGrepColoursAreRead() throws {
        let secret = Support.random(24)
        let masker = try masker()
        for text in [
            "HOME=/root\0PASSWORD=\(secret)\0TERM=xterm\0",
            "\u{1B}[01;31m\u{1B}[Kpassword\u{1B}[m\u{1B}[K=\(secret)\n", "password: \u{1B}[32m\(secret)\u{1B}[0m\n",
        ] {
            let shown = try Support.mask(text, masker).delivered
            #expect(!shown.contains(secret))
            #expect(
                shown == text.replacing(secret, with: shown.firstMatch(of: /byline:masked:[a-z0-9:-]+/)?.output ?? ""))
        }
    }

    @Test func aLineOfTwentyMegabytesPassesInBoundedMemory() throws {
        let line = String(repeating: "0123456789 abcdef ", count: 1_100_000)
        let (delivered, _, maskings) = try Support.mask(line, try masker(), sizes: [16_384])
        #expect(delivered == line && maskings.isEmpty)
    }
}
