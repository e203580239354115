/// Puts the names that a person knows in place of those of unnamed files, in what a command prints. Everything else stays as
/// it is, and is held back no longer than it may be the beginning of such a name.
struct NameRestorer {
    private static let start = Array(UnnamedFile.pathStart.utf8)

    /// The person's names, by the descriptor that stands at the end of ours.
    private let names: [Int32: [UInt8]]
    private var held: [UInt8] = []

    init(_ names: [Int32: String]) { self.names = names.mapValues { Array($0.utf8) } }

    /// - Returns: what can be printed by now.
    mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var printed: [UInt8] = []
        for byte in bytes { take(byte, &printed) }
        return printed
    }

    /// - Returns: what was held back.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return restored()
    }

    private mutating func take(_ byte: UInt8, _ printed: inout [UInt8]) {
        let isDigit = byte >= 0x30 && byte <= 0x39
        if held.count < Self.start.count ? Self.start[held.count] == byte : isDigit && held.count < Self.start.count + 9
        {
            held.append(byte)
            return
        }
        guard !held.isEmpty else { return printed.append(byte) }
        if held.count >= Self.start.count {
            printed += restored()
            held = []
        } else {
            // The name may begin anew within what looked like its beginning.
            printed.append(held.removeFirst())
            let rest = held
            held = []
            for byte in rest { take(byte, &printed) }
        }
        take(byte, &printed)
    }

    private func restored() -> [UInt8] {
        guard held.count > Self.start.count,
            let number = Int32(String(decoding: held[Self.start.count...], as: UTF8.self)), let name = names[number]
        else { return held }
        return name
    }
}
