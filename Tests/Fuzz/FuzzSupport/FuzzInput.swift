/// The bytes that libFuzzer hands over.
public struct FuzzInput {
    public let bytes: [UInt8]

    public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        bytes = start.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
    }

    /// The input as text; nil where it is no UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The input cut at places that follow from its bytes, so that a finding is found again.
    public func pieces(of slice: ArraySlice<UInt8>, seed: Int) -> [ArraySlice<UInt8>] {
        var state = bytes.reduce(UInt64(truncatingIfNeeded: seed) | 1) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var pieces: [ArraySlice<UInt8>] = []
        var rest = slice
        while !rest.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Short pieces more often than long ones.
            let length = Int(state >> 33 & (state >> 60 < 8 ? 3 : 63)) + 1
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
