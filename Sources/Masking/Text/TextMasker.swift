public import NIOCore

/// Masks text that comes in pieces: logs, a command's output, what a proxied server says. A line is judged when it is
/// whole; one that is not is held back until `release`, since a secret may go on in the next piece. Of a secret that was
/// given in part because it came too slowly, the rest is masked.
public struct TextMasker {
    /// Bytes of a line that are held until its end is there. Of a longer one the first half is judged as it stands.
    static let longestHeld = 64 << 10

    private let detectors: DetectorSet
    private let binding: MaskBinding
    /// True where a person may be typing: `release` does not wait for what a hand types, a name's or a URL's value.
    private let isTerminal: Bool
    /// True where what is masked keeps its length, since it stands in frames that nobody can read here: stars then stand for it.
    private let keepsLength: Bool
    private var window = ByteBuffer()
    /// How many bytes at the window's start were given out already; they stay for what comes to be understood.
    private var given = 0
    private var assembly = Assembly()

    init(_ detectors: DetectorSet, _ binding: MaskBinding, isTerminal: Bool = false, keepsLength: Bool = false) {
        self.keepsLength = keepsLength
        self.detectors = detectors
        self.binding = binding
        self.isTerminal = isTerminal
    }

    /// True while something is held back.
    public var holdsBack: Bool { window.readableBytes > given }

    /// Takes the next bytes and gives whole lines.
    public mutating func consume(_ bytes: ByteBuffer) -> MaskedPiece {
        append(bytes)
        return give(.lines)
    }

    /// Gives what was held back, but for the beginning of a secret: that stays until more of it comes, or `finish`.
    ///
    /// - Parameters:
    ///   - recent: how many bytes came so lately that they stay too.
    ///   - isLate: true where the beginning of a secret was waited for long enough, and is given.
    /// - Returns: what is given.
    public mutating func release(keeping recent: Int = 0, isLate: Bool = false) -> MaskedPiece {
        give(isLate ? .all : .allButSecrets, keeping: recent)
    }

    /// Gives all that was held back.
    public mutating func finish() -> MaskedPiece { give(.all) }

    private enum Measure { case lines, allButSecrets, all }

    private mutating func append(_ bytes: ByteBuffer) {
        guard window.readableBytes > 0 else {
            window = bytes
            return
        }
        var joined = ByteBuffer()
        joined.reserveCapacity(window.readableBytes + bytes.readableBytes)
        joined.writeImmutableBuffer(window)
        joined.writeImmutableBuffer(bytes)
        window = joined
    }

    private mutating func give(_ measure: Measure, keeping recent: Int = 0) -> MaskedPiece {
        guard holdsBack else { return MaskedPiece() }
        let (window, given) = (window, given)
        let (end, keep, edits) = window.withUnsafeReadableBytes { bytes -> (Int, Int, [Edit]) in
            let findings = findings(in: bytes)
            let end = boundary(bytes, findings, measure, recent)
            let edits = findings.compactMap { edit($0, bytes, given..<end) }
            return (end, context(bytes, findings, end), edits)
        }
        guard end >= given, let piece = window.getSlice(at: window.readerIndex + given, length: end - given) else {
            return MaskedPiece()
        }
        self.window.moveReaderIndex(forwardBy: keep)
        self.given = end - keep
        return assembly.apply(edits.map { $0.moved(by: -given) }, to: piece)
    }

    private func findings(in bytes: UnsafeRawBufferPointer) -> [Finding] {
        let found = detectors.openFindings(in: bytes)
        guard let wide = WideText(bytes)?.findings(detectors), !wide.isEmpty else { return found }
        let apart = wide.filter { wide in !found.contains { $0.range.overlaps(wide.range) } }
        return (found + apart).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The part of a finding that is given now. What of it was given before stays unsaid, its rest is masked.
    private func edit(_ finding: Finding, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Edit? {
        let part = finding.range.clamped(to: range)
        guard !part.isEmpty else { return nil }
        let secret = UnsafeRawBufferPointer(rebasing: bytes[finding.range])
        var edit = Edit(
            range: part, masks: binding.masks(of: secret), spelling: .plain, rule: finding.rule,
            original: Array(bytes[part]))
        if keepsLength { edit.filler = bytes[part].map { $0 == 0 ? 0 : UInt8(ascii: "*") } }
        return edit
    }

    /// Up to where the text is judged.
    private func boundary(
        _ bytes: UnsafeRawBufferPointer, _ findings: [Finding], _ measure: Measure, _ recent: Int
    ) -> Int {
        let old = max(given, bytes.count - recent)
        var end: Int
        switch measure {
        case .all: return old
        case .lines:
            end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? given
            if bytes.count - end > Self.longestHeld { end = bytes.count - Self.longestHeld / 2 }
        case .allButSecrets:
            end = min(LiveSecret.start(in: bytes, from: given, detectors, isTerminal: isTerminal) ?? old, old)
        }
        end = max(end, given)
        // A secret that reaches the end may go on, over the line's end too.
        if let last = findings.last(where: {
            $0.context < end && ($0.isOpen || $0.range.upperBound >= end)
        }),
            last.isOpen || last.range.upperBound == bytes.count || last.range.upperBound > end,
            bytes.count - last.context < Self.longestHeld, measure == .lines || isAwaited(last)
        {
            end = max(given, min(end, last.context))
        }
        return end
    }

    private func isAwaited(_ finding: Finding) -> Bool {
        !isTerminal || detectors.detectors.first { $0.name == finding.rule }?.isTyped == false
    }

    /// From where on what was given stays, so that what comes is understood: the line's beginning, or a secret's.
    private func context(_ bytes: UnsafeRawBufferPointer, _ findings: [Finding], _ end: Int) -> Int {
        var start = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if let last = findings.last, last.range.upperBound >= end { start = min(start, last.range.lowerBound) }
        return max(0, start, end - Self.longestHeld)
    }
}

/// The beginning of what may become a secret, at the end of a text.
enum LiveSecret {
    /// Where it begins; nil where the text's end is none.
    static func start(
        in bytes: UnsafeRawBufferPointer, from given: Int, _ detectors: DetectorSet, isTerminal: Bool
    ) -> Int? {
        var place = bytes.count
        let floor = max(given, bytes.count - 4_096)
        while place > floor, !bytes[place - 1].isSpace { place -= 1 }
        var live: Int?
        let line = bytes[..<bytes.count].lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
        let from = max(line, bytes.count - 4_096)
        detectors.filter.forEachMatch(in: bytes, from: from) { at, detector in
            let detector = detectors.detectors[detector]
            guard live == nil, at >= given, !isTerminal || !detector.isTyped else { return }
            let isName = detector.shape == .named
            if at >= place || (isName && bytes.count - at < 160) { live = at }
        }
        return live.map { max($0, given) }
    }
}
