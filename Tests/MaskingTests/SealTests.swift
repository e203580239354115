import NIOCore
import Testing
import Vocabulary

@testable import Masking

@Suite struct SealTests {
    private let exchange: ExchangeID
    private let identity: AuditorIdentity
    private let originals: [OriginalsSealer.Original]
    private static let mask = Mask.prefix + String(repeating: "0", count: 32)

    init() throws {
        var generator = SystemRandomNumberGenerator()
        exchange = ExchangeID(at: Timestamp(seconds: 1_700_000_000), using: &generator)
        identity = try #require(AuditorIdentity(file: AuditorIdentity.generateFile()))
        originals = (0..<3).map { index in
            OriginalsSealer.Original(
                isRequest: false, channel: "body",
                masking: MaskedSecret(
                    rule: "secret-data", offset: UInt64(index * (Self.mask.utf8.count + 2) + 1),
                    length: UInt64(Self.mask.utf8.count),
                    original: Array("original\(index)".utf8)))
        }
    }

    private func sealed() throws -> (lines: [UInt8], count: Int) {
        let other = try #require(AuditorIdentity(file: AuditorIdentity.generateFile()))
        var sealer = try #require(OriginalsSealer(exchange, auditors: [other.publicKey, identity.publicKey]))
        let first = sealer.seal([originals[0]])
        let second = sealer.seal(Array(originals[1...]))
        return (
            Array(try #require(first).bytes.readableBytesView) + (try #require(second)).bytes.readableBytesView,
            sealer.count
        )
    }

    @Test func theRightKeyGivesTheExactOriginalsBack() throws {
        let (lines, count) = try sealed()
        let opened = try SealedOriginals(lines, of: exchange, count: count, identity: identity)
        #expect(opened.originals == originals)
        let recorded = "a\(Self.mask)bc\(Self.mask)de\(Self.mask)f"
        let restored = try opened.restore(Array(recorded.utf8), isRequest: false, channel: "body")
        #expect(throws: Never.self) { try opened.restore([1], isRequest: true, channel: "body") }
        #expect(String(decoding: restored, as: UTF8.self) == "aoriginal0bcoriginal1deoriginal2f")
    }

    @Test func originalsAreNotPutWhereNoMaskStands() throws {
        let (lines, count) = try sealed()
        let opened = try SealedOriginals(lines, of: exchange, count: count, identity: identity)
        let recorded = "a\(Self.mask)bc\(Self.mask)de\(Self.mask)f"
        for wrong in [String(recorded.dropFirst()), String(recorded.dropLast(2)), recorded.uppercased(), ""] {
            #expect(throws: SealedOriginals.Fault.doesNotFit) {
                try opened.restore(Array(wrong.utf8), isRequest: false, channel: "body")
            }
        }
    }

    @Test func whereNothingCountsTheLinesThoseThatAreThereOpen() throws {
        let (lines, _) = try sealed()
        let parts = lines.split(separator: UInt8(ascii: "\n"))
        let opened = try SealedOriginals(
            Array(parts[..<2].joined(separator: [10])), of: exchange, count: nil, identity: identity)
        #expect(opened.originals == [originals[0]])
    }

    @Test func anotherKeyOpensNothing() throws {
        let (lines, count) = try sealed()
        let other = try #require(AuditorIdentity(file: AuditorIdentity.generateFile()))
        #expect(throws: SealedOriginals.Fault.notForThisIdentity) {
            try SealedOriginals(lines, of: exchange, count: count, identity: other)
        }
    }

    @Test func aSealThatWasCutOrAlteredOrMovedOpensNothing() throws {
        let (lines, count) = try sealed()
        let parts = lines.split(separator: UInt8(ascii: "\n"))
        #expect(throws: SealedOriginals.Fault.cut(lines: 2, expected: 3)) {
            try SealedOriginals(
                Array(parts[..<2].joined(separator: [10])), of: exchange, count: count, identity: identity)
        }
        #expect(throws: SealedOriginals.Fault.altered(line: 2)) {
            try SealedOriginals(
                Array([parts[0], parts[2], parts[1]].joined(separator: [10])), of: exchange, count: count,
                identity: identity)
        }
        var generator = SystemRandomNumberGenerator()
        let elsewhere = ExchangeID(at: Timestamp(seconds: 1_700_000_000), using: &generator)
        #expect(throws: SealedOriginals.Fault.altered(line: 1)) {
            try SealedOriginals(lines, of: elsewhere, count: count, identity: identity)
        }
        for place in stride(from: 0, to: lines.count, by: 3) {
            var altered = lines
            altered[place] ^= 1
            let opened = try? SealedOriginals(altered, of: exchange, count: count, identity: identity)
            // What is altered is another auditor's part, or it is noticed.
            #expect(opened == nil || opened?.originals == originals)
        }
    }

    @Test func keysAreReadAsTheyAreWritten() throws {
        #expect(AuditorKey(identity.publicKey.text) == identity.publicKey)
        #expect(AuditorKey("byline-auditor-1:AAAA") == nil)
        #expect(AuditorIdentity(file: Array("nothing\n".utf8)) == nil)
        let file = AuditorIdentity.generateFile()
        let key = try #require(AuditorIdentity(file: file)?.publicKey)
        for ending in ["", "\r\n", " \n\n"] {
            #expect(AuditorIdentity(file: file.dropLast() + ending.utf8)?.publicKey == key)
            #expect(AuditorKey(file: Array((key.text + ending).utf8)) == key)
        }
        #expect(AuditorIdentity(file: Array(key.text.utf8)) == nil && AuditorKey(file: file) == nil)
    }
}
