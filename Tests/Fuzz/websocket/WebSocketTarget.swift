import FuzzSupport
import KubernetesWire

/// One direction of a WebSocket, whole and split: the same is read, and no more comes out than went in.
@main enum WebSocketTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        let whole = read([input.bytes[...]])
        Property.hold(whole == read(input.pieces(of: input.bytes[...], seed: 1)), "a split changes what is read")
        let given = whole.reduce(0) { sum, piece in
            switch piece {
            case .payload(let bytes), .raw(let bytes): sum + bytes.count
            default: sum
            }
        }
        Property.hold(given <= input.bytes.count, "more comes out than went in")
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    WebSocketTarget.test(FuzzInput(start, count))
    return 0
}

/// All pieces, neighbouring bytes joined.
private func read(_ parts: [ArraySlice<UInt8>]) -> [WebSocketReader.Piece] {
    var reader = WebSocketReader()
    var pieces: [WebSocketReader.Piece] = []
    for part in parts {
        var rest = part
        while let piece = reader.next(&rest) {
            switch (pieces.last, piece) {
            case (.payload(let some), .payload(let more)): pieces[pieces.count - 1] = .payload(some + more)
            case (.raw(let some), .raw(let more)): pieces[pieces.count - 1] = .raw(some + more)
            default: pieces.append(piece)
            }
        }
        Property.hold(rest.isEmpty, "bytes are left over")
    }
    return pieces
}
