import CByteMarks

/// Bytes that are read, and where in them strings may end and anchors may begin: marked for all of them at once, many at a
/// step. It lives as long as the pointers that it was made of, and does not check places.
struct JSONWindow {
    let count: Int
    /// From where on there are marks.
    let origin: Int
    private let base: UnsafeRawPointer
    private let ends: UnsafeMutablePointer<UInt64>
    private let heads: UnsafeMutablePointer<UInt64>

    /// How many words of space the marks take.
    static func words(_ bytes: UnsafeRawBufferPointer, from origin: Int) -> Int {
        2 * ((bytes.count - origin + 63) / 64)
    }

    /// Marks bytes from a place on, in `words` of space; nil where there are no bytes.
    init?(
        _ bytes: UnsafeRawBufferPointer, from origin: Int, _ filter: AnchorFilter,
        _ space: UnsafeMutableBufferPointer<UInt64>
    ) {
        guard let base = bytes.baseAddress, let space = space.baseAddress else { return nil }
        self.base = base
        self.origin = origin
        count = bytes.count
        ends = space
        heads = space + (count - origin + 63) / 64
        byline_mark_string_ends(base + origin, count - origin, ends)
        filter.mark(UnsafeRawBufferPointer(rebasing: bytes[origin...]), heads)
    }

    @inline(__always)
    subscript(place: Int) -> UInt8 { base.load(fromByteOffset: place, as: UInt8.self) }

    @inline(__always)
    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.upperBound &- range.lowerBound)
    }

    /// True where a byte stands at a place, which may be the end or behind it.
    @inline(__always)
    func has(_ byte: Unicode.Scalar, at place: Int) -> Bool {
        place < count && self[place] == UInt8(truncatingIfNeeded: byte.value)
    }

    /// The first quote, backslash or control byte at a place or behind it; the bytes' end where there is none.
    @inline(__always)
    func nextEnd(from place: Int) -> Int { next(ends, from: place) }

    /// The first place, from one on, at which an anchor may begin; the bytes' end where there is none.
    @inline(__always)
    func nextHead(from place: Int) -> Int { next(heads, from: place) }

    /// True where an anchor may begin in a range that has marks.
    @inline(__always)
    func hasHead(in range: Range<Int>) -> Bool {
        let first = range.lowerBound &- origin
        let last = range.upperBound &- origin &- 1
        guard last >= first else { return false }
        var word = first &>> 6
        var left = heads[word] & (UInt64.max &<< UInt64(truncatingIfNeeded: first))
        while word < last &>> 6 {
            if left != 0 { return true }
            word &+= 1
            left = heads[word]
        }
        return left &<< UInt64(truncatingIfNeeded: 63 &- last) != 0
    }

    @inline(__always)
    private func next(_ marks: UnsafeMutablePointer<UInt64>, from place: Int) -> Int {
        guard place < count else { return count }
        let bit = place &- origin
        let left = marks[bit &>> 6] &>> UInt64(truncatingIfNeeded: bit)
        if left != 0 { return place &+ left.trailingZeroBitCount }
        return next(marks, behind: bit &>> 6)
    }

    private func next(_ marks: UnsafeMutablePointer<UInt64>, behind word: Int) -> Int {
        for word in word + 1..<max(word + 1, (count - origin + 63) / 64) where marks[word] != 0 {
            return origin + word * 64 + marks[word].trailingZeroBitCount
        }
        return count
    }
}
