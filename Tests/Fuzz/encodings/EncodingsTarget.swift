import FuzzSupport
import KubernetesWire
import Replay

/// What is shown of a record: archives, compressed bodies and Kubernetes' binary forms. However the bytes are cut, an archive
/// lists the same and a body inflates to the same.
@main enum EncodingsTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        _ = BodyText.render(input.bytes)
        var whole = TarListing()
        var cut = TarListing()
        whole.take(input.bytes)
        for piece in input.pieces(of: input.bytes[...], seed: 1) { cut.take(piece) }
        Property.hold(whole.members == cut.members && whole.damage == cut.damage, "an archive depends on its cuts")
        let pieces = input.pieces(of: input.bytes[...], seed: 2).map { Array($0) }
        Property.hold(inflated([input.bytes]) == inflated(pieces), "a compressed body depends on its cuts")
    }

    /// What a body inflates to, as far as it does.
    private static func inflated(_ pieces: [[UInt8]]) -> [UInt8] {
        guard var reader = GzipReader() else { return [] }
        var clear: [UInt8] = []
        func take(_ piece: GzipReader.Piece) { if case .clear(let bytes) = piece { clear += bytes.prefix(1 << 20) } }
        for piece in pieces { reader.read(piece, take) }
        reader.end(take)
        return clear
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    EncodingsTarget.test(FuzzInput(start, count))
    return 0
}
