import NIOCore
import Testing
import Vocabulary

@testable import Masking

@Suite struct SealTests {
    private let exchange: ExchangeID
    private let identity: AuditorIdentity
    private let originals: [OriginalsSealer.Original]

    init() throws {
        var generator = SystemRandomNumberGenerator()
        exchange = ExchangeID(at: Timestamp(seconds: 1_700_000_000), using: &generator)
        identity = try #require(AuditorIdentity(file: AuditorIdentity.generateFile()))
        originals = (0..<3).map { index in
            OriginalsSealer.Original(
                isRequest: false, channel: "body",
                masking: MaskedSecret(
                    rule: "secret-data", offset: UInt64(index * 4 + 1), length: 2,
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
        let restored = try opened.restore(Array("a##bc##de##f".utf8), isRequest: false, channel: "body")
        #expect(throws: Never.self) { try opened.restore([1], isRequest: true, channel: "body") }
        #expect(String(decoding: restored, as: UTF8.self) == "aoriginal0bcoriginal1deoriginal2f")
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
    }
}
