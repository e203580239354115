/// The detectors that apply to a text, joined into one search.
public struct DetectorSet: Sendable {
    let detectors: [Detector]
    let filter: AnchorFilter
    /// The names that tell; nil where no detector asks.
    let names: TellingNames?

    public init(_ detectors: [Detector]) {
        self.detectors = detectors
        names = detectors.first { $0.shape == .named }?.names
        filter = AnchorFilter(
            detectors.enumerated().flatMap { index, detector in
                detector.anchors.map { anchor in
                    AnchorFilter.Anchor(text: Array(anchor.utf8), foldsCase: detector.foldsCase, detector: index)
                }
            })
    }

    /// The secrets in a text, in their order; where several overlap, the first and longest.
    public func findings(in bytes: UnsafeRawBufferPointer) -> [Finding] {
        openFindings(in: bytes).filter { !$0.range.isEmpty }
    }

    /// The same, and where one may be that the text does not show yet.
    func openFindings(in bytes: UnsafeRawBufferPointer) -> [Finding] {
        var found: [Finding] = []
        filter.forEachMatch(in: bytes, from: 0) { place, detector in
            let detector = detectors[detector]
            if let finding = detector.secret(in: bytes, at: place) { found.append(finding) }
        }
        return Self.distinct(found)
    }

    /// Leaves away what is covered by another, and joins what overlaps: each byte of a secret is masked once.
    private static func distinct(_ found: [Finding]) -> [Finding] {
        var distinct: [Finding] = []
        for finding in found.sorted(by: {
            ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
        }) {
            guard let last = distinct.last, finding.range.lowerBound < last.range.upperBound else {
                distinct.append(finding)
                continue
            }
            guard finding.range.upperBound > last.range.upperBound else { continue }
            distinct[distinct.count - 1] = Finding(
                last.range.lowerBound..<finding.range.upperBound, last.rule, isOpen: finding.isOpen,
                context: min(last.context, finding.context))
        }
        return distinct
    }
}
