/// Text in which masks stand beside other words, with the secrets put back.
enum RestoredText {
    /// Puts back what a text's masks stand for.
    ///
    /// - Parameters:
    ///   - text: a caller's text, with masks in it.
    ///   - masked: what the caller read at the same place.
    ///   - plain: what stands there.
    /// - Returns: nil where a mask of the text does not stand in `masked`, or where it cannot be told what it stands for.
    static func restore(_ text: [UInt8], masked: [UInt8], plain: [UInt8]) -> [UInt8]? {
        if text == masked { return plain }
        guard let secrets = secrets(masked: masked, plain: plain) else { return nil }
        var restored: [UInt8] = []
        var end = 0
        for range in masks(in: text) {
            guard let secret = secrets[Array(text[range])] else { return nil }
            restored += text[end..<range.lowerBound] + secret
            end = range.upperBound
        }
        restored += text[end...]
        return stands(in: restored) ? nil : restored
    }

    /// True where a mask, or a part of one, stands in a text.
    static func stands(in text: some Collection<UInt8>) -> Bool { Mask.stands(in: Array(text)[...]) }

    /// True where two texts are the same but for the digits of their masks.
    static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool { blank(one) == blank(other) }

    /// A text with each mask as one NUL.
    private static func blank(_ text: [UInt8]) -> [UInt8] {
        var blank: [UInt8] = []
        var end = 0
        for range in masks(in: text) {
            blank += text[end..<range.lowerBound] + [0]
            end = range.upperBound
        }
        return blank + text[end...]
    }

    /// The secrets behind a text's masks; nil where more than one reading is possible.
    private static func secrets(masked: [UInt8], plain: [UInt8]) -> [[UInt8]: ArraySlice<UInt8>]? {
        let masks = masks(in: masked)
        guard !masks.isEmpty else { return nil }
        // The words before, between and behind the masks stand in the plain text in the same order.
        var words: [ArraySlice<UInt8>] = []
        var end = 0
        for mask in masks {
            words.append(masked[end..<mask.lowerBound])
            end = mask.upperBound
        }
        words.append(masked[end...])
        guard let fromStart = alignment(words, plain), let fromEnd = backwards(words, plain), fromStart == fromEnd
        else {
            return nil
        }
        var secrets: [[UInt8]: ArraySlice<UInt8>] = [:]
        for (mask, range) in zip(masks, fromStart) {
            let secret = plain[range]
            let known = secrets.updateValue(secret, forKey: Array(masked[mask]))
            guard known.map({ $0.elementsEqual(secret) }) ?? true else { return nil }
        }
        return secrets
    }

    /// Where the secrets lie between the words, each as short as it can be from the start on.
    private static func alignment(_ words: [ArraySlice<UInt8>], _ plain: [UInt8]) -> [Range<Int>]? {
        guard let first = words.first, plain.starts(with: first) else { return nil }
        var ranges: [Range<Int>] = []
        var place = first.count
        for (index, word) in words.enumerated().dropFirst() {
            let isLast = index == words.count - 1
            // Two masks side by side do not tell where one secret ends.
            guard isLast || !word.isEmpty else { return nil }
            guard let found = isLast ? endPlace(word, plain, from: place) : self.place(of: word, plain, from: place)
            else {
                return nil
            }
            ranges.append(place..<found)
            place = found + word.count
        }
        return ranges
    }

    private static func backwards(_ words: [ArraySlice<UInt8>], _ plain: [UInt8]) -> [Range<Int>]? {
        let reversed = words.reversed().map { Array($0.reversed())[...] }
        return alignment(reversed, plain.reversed())?.reversed().map {
            plain.count - $0.upperBound..<plain.count - $0.lowerBound
        }
    }

    private static func endPlace(_ word: ArraySlice<UInt8>, _ plain: [UInt8], from start: Int) -> Int? {
        let place = plain.count - word.count
        return place >= start && plain[place...].elementsEqual(word) ? place : nil
    }

    private static func place(of word: ArraySlice<UInt8>, _ plain: [UInt8], from start: Int) -> Int? {
        guard start + word.count <= plain.count else { return nil }
        return (start...plain.count - word.count).first { plain[$0...].starts(with: word) }
    }

    private static let plainLength = Mask.prefix.utf8.count + 32
    private static let base64Length = 80

    /// The places of whole masks, plain and in base64.
    private static func masks(in text: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var place = 0
        while place < text.count {
            let length =
                text[place...].starts(with: Mask.prefix.utf8)
                ? plainLength : text[place...].starts(with: Mask.base64Prefix.utf8) ? base64Length : 0
            if length > 0, place + length <= text.count {
                ranges.append(place..<place + length)
                place += length
            } else {
                place += 1
            }
        }
        return ranges
    }
}
