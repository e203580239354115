import KubernetesWire
import NIOCore
import Testing

@testable import Gateway
@testable import Masking

@Suite struct StreamLaneTests {
    private static let secret = String((0..<36).map { _ in "abcdefgHIJKLM0123456789".randomElement() ?? "a" })

    private func lane(_ delivery: StreamLane.Delivery = .masked, isTerminal: Bool = false) throws -> StreamLane {
        let policy = MaskingPolicy(MaskingConfiguration(), keys: try MaskKeys(file: MaskKeys.generateFile()))
        let target = try RequestTarget("/api/v1/namespaces/n/pods/p/exec?command=sh")
        let plan = policy.plan(
            for: try RequestInfo(method: "POST", target: target), cluster: "c", session: "s")
        return StreamLane(try #require(plan.streamMasker(isTerminal: isTerminal)), delivery)
    }

    private func text(_ parts: [StreamLane.Part]) -> String {
        String(decoding: parts.flatMap { $0.delivered.readableBytesView }, as: UTF8.self)
    }

    private func recorded(_ parts: [StreamLane.Part]) -> String {
        String(decoding: parts.flatMap { $0.piece.recorded.bytes.readableBytesView }, as: UTF8.self)
    }

    @Test func whatIsNoWholeLineWaitsForARoundAndNoLonger() throws {
        var lane = try lane()
        #expect(text(lane.consume(ByteBuffer(string: "whole\nprompt: "))) == "whole\n")
        #expect(lane.holdsBack)
        // It came since the last round.
        #expect(text(lane.release()) == "")
        #expect(text(lane.release()) == "prompt: ")
        #expect(!lane.holdsBack)
        _ = lane.consume(ByteBuffer(string: "first"))
        lane.beginRound()
        _ = lane.consume(ByteBuffer(string: " second"))
        #expect(text(lane.release()) == "first")
        #expect(text(lane.release()) == " second")
    }

    @Test(arguments: [false, true]) func aTokenIsMaskedWhereverARoundCutsIt(isTerminal: Bool) throws {
        let token = "ghp_\(Self.secret)"
        for cut in 1..<token.utf8.count {
            var lane = try lane(isTerminal: isTerminal)
            var seen = text(lane.consume(ByteBuffer(string: "a \(token.prefix(cut))")))
            seen += text(lane.release())
            seen += text(lane.release())
            seen += text(lane.release())
            seen += text(lane.consume(ByteBuffer(string: "\(token.dropFirst(cut)) b\n")))
            seen += text(lane.finish())
            #expect(seen.hasPrefix("a ") && seen.hasSuffix(" b\n"))
            #expect(!seen.contains(Self.secret.prefix(4)) && !seen.contains(Self.secret.suffix(4)), "\(cut): \(seen)")
        }
    }

    @Test func aTokensBeginningIsGivenWhenNothingComesOfIt() throws {
        var lane = try lane(isTerminal: true)
        var seen = text(lane.consume(ByteBuffer(string: "ghp_abc")))
        var rounds = 0
        while lane.holdsBack {
            seen += text(lane.release())
            rounds += 1
        }
        #expect(seen == "ghp_abc" && (100...150).contains(rounds))
    }

    @Test func onATerminalWhatIsTypedIsNotWaitedFor() throws {
        for text in ["export TOKEN=", "mysql --password ", "curl https://user", "kubectl get secret web-tls"] {
            var lane = try lane(isTerminal: true)
            var seen = ""
            for key in text {
                _ = lane.release()
                seen += self.text(lane.consume(ByteBuffer(string: String(key))))
                seen += self.text(lane.release())
                seen += self.text(lane.release())
                #expect(!lane.holdsBack, "\(text): \(seen)")
            }
            #expect(seen == text)
        }
    }

    @Test func editorsAndPromptsPassAsTheyAre() throws {
        let shown =
            "\u{1B}[?1049h\u{1B}[22;0;0t\u{1B}[1;24r\u{1B}[?12h\u{1B}[?12l\u{1B}[27m\u{1B}[m\u{1B}[H\u{1B}[2J~\r\n"
            + "\u{1B}]0;root@web: /\u{07}\u{1B}[01;32mroot@web\u{1B}[00m:\u{1B}[01;34m/\u{1B}[00m# ls\r\n"
            + "50%\r60%\r100%\r\n\u{1B}[?2004h# \u{8}\u{8}\u{1B}[K"
        for size in 1...shown.utf8.count {
            var lane = try lane(isTerminal: true)
            var rest = ByteBuffer(string: shown)
            var seen: [StreamLane.Part] = []
            while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
                seen += lane.consume(piece) + lane.release()
            }
            seen += lane.finish()
            #expect(text(seen) == shown && recorded(seen) == shown)
        }
    }

    @Test func anArchivePassesAndItsRecordIsMasked() throws {
        let content = "password=\(Self.secret)\n"
        let archive = Self.archive(content)
        for sizes in [[archive.count], [100, 300, 112, 50_000], Array(repeating: 1, count: archive.count)] {
            var lane = try lane(.archive(ArchivePassage()))
            var rest = ByteBuffer(bytes: archive)
            var parts: [StreamLane.Part] = []
            for size in sizes {
                parts += lane.consume(rest.readSlice(length: min(size, rest.readableBytes)) ?? ByteBuffer())
            }
            parts += lane.finish()
            #expect(parts.flatMap { Array($0.delivered.readableBytesView) } == archive)
            #expect(!recorded(parts).contains(Self.secret) && recorded(parts).contains(Mask.prefix))
        }
    }

    @Test func whatOnlyBeginsLikeAnArchiveIsMasked() throws {
        var damaged = Self.archive("password=\(Self.secret)\n")
        damaged[150] ^= 1
        var lane = try lane(.archive(ArchivePassage()))
        let parts = lane.consume(ByteBuffer(bytes: damaged)) + lane.finish()
        #expect(text(parts).contains(Mask.prefix) && !text(parts).contains(Self.secret))
        var short = try self.lane(.archive(ArchivePassage()))
        #expect(text(short.consume(ByteBuffer(string: "hello"))) == "")
        #expect(text(short.finish()) == "hello")
        var line = try self.lane(.archive(ArchivePassage()))
        #expect(text(line.consume(ByteBuffer(string: "a line\n"))) == "a line\n")
    }

    @Test func whatComesBehindAnArchiveIsMasked() throws {
        let file = Self.archive("password=\(Self.secret)\n")
        let member = Array(file.dropLast(1_024))
        let more = Array("token=ghp_\(Self.secret)\n".utf8)
        for (passing, rest) in [
            (file, more), (file, member), (member, more), (member + member, more),
            (file + [UInt8](repeating: 0, count: 2_048), more),
        ] {
            let bytes = passing + rest
            for size in [1, 511, 512, 513, 1_000, bytes.count] {
                var lane = try lane(.archive(ArchivePassage()))
                var parts: [StreamLane.Part] = []
                for start in stride(from: 0, to: bytes.count, by: size) {
                    parts += lane.consume(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
                }
                parts += lane.finish()
                let delivered = parts.flatMap { Array($0.delivered.readableBytesView) }
                #expect(delivered.starts(with: passing))
                let behind = String(decoding: delivered.dropFirst(passing.count), as: UTF8.self)
                #expect(behind.contains(Mask.prefix) && !behind.contains(Self.secret))
                #expect(!recorded(parts).contains(Self.secret))
            }
        }
    }

    @Test func anArchivesPartsPassWhateverFollowsThem() throws {
        let content = String(repeating: "x", count: 1_300)
        // Records that give a size, GNU's long name, a folder whose header lies about its size, a file of GNU's binary size.
        let records = "15 size=001300\n"
        let archive =
            Self.archive(records, type: "x", ends: false) + Self.archive(content, size: 0, ends: false)
            + Self.archive(String(repeating: "n", count: 200), type: "L", ends: false)
            + Self.archive("", type: "5", size: 999, ends: false) + Self.archive(content, isBinarySize: true)
        for size in [77, 300, 512, 5_000] {
            var lane = try lane(.archive(ArchivePassage()))
            var parts: [StreamLane.Part] = []
            for start in stride(from: 0, to: archive.count, by: size) {
                parts += lane.consume(ByteBuffer(bytes: archive[start..<min(start + size, archive.count)]))
            }
            #expect(lane.passesArchive)
            #expect(parts.flatMap { Array($0.delivered.readableBytesView) } == archive)
        }
    }

    /// A tar archive of one member (POSIX.1-1988).
    private static func archive(
        _ content: String, type: String = "0", size: Int? = nil, isBinarySize: Bool = false, ends: Bool = true
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            block.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        let size = size ?? content.utf8.count
        put("etc/settings", at: 0)
        put("0000644", at: 100)
        put(String(size, radix: 8), at: 124)
        if isBinarySize {
            block.replaceSubrange(
                124..<136, with: [0x80] + (0..<11).map { UInt8(truncatingIfNeeded: size >> ((10 - $0) * 8)) })
        }
        put("        ", at: 148)
        put(type, at: 156)
        put("ustar\u{0}00", at: 257)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0}", at: 148)
        let padding = (512 - content.utf8.count % 512) % 512
        return block + Array(content.utf8) + [UInt8](repeating: 0, count: padding + (ends ? 1_024 : 0))
    }
}
