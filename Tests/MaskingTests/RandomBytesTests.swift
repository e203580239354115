import NIOCore
import Testing

@testable import Masking

@Suite struct RandomBytesTests {
    @Test(arguments: Array(UInt64(1)...8))
    func whatIsNoTextPassesAsItIs(seed: UInt64) throws {
        guard var masker = try Support.plan("/api/v1/namespaces/n/pods/p/exec").streamMasker() else { return }
        var state = seed
        var passed = ByteBuffer()
        var whole = ByteBuffer()
        for _ in 0..<40 {
            var piece = ByteBuffer()
            for _ in 0..<4_096 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                piece.writeInteger(state ^ (state >> 29))
            }
            whole.writeImmutableBuffer(piece)
            for given in [masker.consume(piece), masker.release()] {
                passed.writeImmutableBuffer(given.recorded.bytes)
                #expect(
                    given.maskings.isEmpty,
                    "\(given.maskings.map { ($0.rule, String(decoding: $0.original ?? [], as: UTF8.self)) })")
            }
        }
        passed.writeImmutableBuffer(masker.finish().recorded.bytes)
        #expect(passed == whole)
    }
}
