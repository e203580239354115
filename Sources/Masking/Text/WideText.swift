/// Letters that stand in two or four bytes each, zeros beside them, as UTF-16 and UTF-32 write ASCII. A detector that looks at bytes
/// sees nothing in them; so they are narrowed for it.
struct WideText {
    /// Letters of the shortest run that is looked at.
    private static let shortest = 8

    private struct Run {
        /// Where the first letter stands, and how many bytes each takes.
        let start: Int
        let width: Int
        let letters: [UInt8]
    }

    private var runs: [Run] = []

    /// Returns nil where there are none.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 2 * Self.shortest, bytes.contains(0) else { return nil }
        var place = 0
        while place + 2 * Self.shortest <= bytes.count {
            guard Self.isLetter(bytes[place]), bytes[place + 1] == 0,
                let run = Self.run(bytes, place, width: 4) ?? Self.run(bytes, place, width: 2)
            else {
                place += 1
                continue
            }
            runs.append(run)
            place += run.letters.count * run.width
        }
        if runs.isEmpty { return nil }
    }

    private static func run(_ bytes: UnsafeRawBufferPointer, _ start: Int, width: Int) -> Run? {
        var letters: [UInt8] = []
        var place = start
        while place < bytes.count, isLetter(bytes[place]) {
            let zeros = bytes[min(place + 1, bytes.count)..<min(place + width, bytes.count)]
            guard zeros.allSatisfy({ $0 == 0 }) else { break }
            letters.append(bytes[place])
            place += width
        }
        return letters.count >= shortest ? Run(start: start, width: width, letters: letters) : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) || (0x09...0x0D).contains(byte) }

    /// What the detectors find in them, at the places of the bytes as they came.
    func findings(_ detectors: DetectorSet) -> [Finding] {
        runs.flatMap { run in
            run.letters.withUnsafeBytes { letters in
                detectors.findings(in: letters).map { found in
                    let start = run.start + found.range.lowerBound * run.width
                    let end = run.start + (found.range.upperBound - 1) * run.width + 1
                    return Finding(start..<end, found.rule)
                }
            }
        }
    }
}
