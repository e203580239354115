import Testing

@testable import Masking

@Suite struct AnchorFilterTests {
    private static func filter(_ anchors: [(text: String, foldsCase: Bool)]) -> AnchorFilter {
        AnchorFilter(
            anchors.enumerated().map { .init(text: Array($1.text.utf8), foldsCase: $1.foldsCase, detector: $0) })
    }

    private static func found(_ filter: AnchorFilter, _ text: [UInt8], from start: Int) -> [[Int]] {
        var found: [[Int]] = []
        text.withUnsafeBytes { filter.forEachMatch(in: $0, from: start) { found.append([$0, $1]) } }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Texts of a few letters, so that much matches, also over what is looked at in one step, at every start and length.
    @Test func findsWhatALookAtEveryPlaceFinds() {
        let anchors = [("abc", false), ("abcab", true), ("bca", true), ("a-b", false), ("://", false), ("CAB", false)]
        let filter = Self.filter(anchors)
        let letters = Array("abcABC-:/".utf8)
        for length in Array(0...200) + [4_095, 4_096, 4_097, 4_098, 4_099, 9_000] {
            let text = (0..<length).map { _ in letters.randomElement() ?? 0 }
            for start in [0, 1, min(length, 70)] {
                var expected: [[Int]] = []
                for place in start..<max(start, length) {
                    for (detector, (anchor, foldsCase)) in anchors.enumerated() {
                        let here = text[place...].prefix(anchor.utf8.count)
                        let folded = here.map { foldsCase && (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                        if folded == Array(anchor.utf8) { expected.append([place, detector]) }
                    }
                }
                #expect(Self.found(filter, text, from: start) == expected, "\(String(decoding: text, as: UTF8.self))")
                #expect(text.withUnsafeBytes { filter.finds(in: $0) } == !Self.found(filter, text, from: 0).isEmpty)
            }
        }
    }

    @Test func findsEveryAnchorOfTheDetectorsInBothCases() {
        let set = DetectorSet(Detector.builtIn)
        for (index, detector) in Detector.builtIn.enumerated() {
            for anchor in detector.anchors where anchor.utf8.count >= AnchorFilter.shortestAnchor {
                for spelled in detector.foldsCase ? [anchor, anchor.uppercased()] : [anchor] {
                    let text = Array((String(repeating: "x", count: 61) + spelled).utf8)
                    #expect(Self.found(set.filter, text, from: 0).contains([61, index]), "\(spelled)")
                }
            }
        }
    }
}
