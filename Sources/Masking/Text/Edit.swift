/// One place of a text where a mask stands instead of what was there.
struct Edit {
    /// What is replaced.
    var range: Range<Int>
    /// nil where bytes go away because the mask of the whole comes later.
    let masks: Masks?
    let spelling: Mask.Spelling
    let rule: String
    /// What is written around the mask: nothing inside a string, `"` where a number stood, `\"` in JSON inside a string.
    var quote: [UInt8] = []
    /// Set where the masks may not be longer or shorter than what was there: what stands in their place.
    var filler: [UInt8]?
    /// The bytes that were there; nil where they were too many to be kept.
    let original: [UInt8]?

    init(
        range: Range<Int>, masks: Masks, spelling: Mask.Spelling, rule: String, quote: [UInt8] = [],
        original: [UInt8]? = nil
    ) {
        self.range = range
        self.masks = masks
        self.spelling = spelling
        self.rule = rule
        self.quote = quote
        self.original = original
    }

    init(removing range: Range<Int>) {
        self.range = range
        masks = nil
        spelling = .plain
        rule = ""
        original = nil
    }

    func moved(by distance: Int) -> Edit {
        var edit = self
        edit.range = range.lowerBound + distance..<range.upperBound + distance
        return edit
    }

    func replacement(_ mask: Mask) -> [UInt8] { filler ?? quote + mask.spelled(spelling) + quote }
}
