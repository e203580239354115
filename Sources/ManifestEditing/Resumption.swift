/// The place in an edited document from which on it need not be read again.
///
/// A root in block style stands alone on its parser's stack, and before each of its keys the parser has consumed
/// everything before it: its state there is the same whatever stood before. So if the edited document, read anew, comes to
/// a key of the root's behind the last edit, and held the same events up to it, then the bytes from there on, which are
/// the original's, mean what they meant in the original.
struct Resumption {
    /// Where the key stands in the edited document, in code points.
    let editedStart: Int
    /// What the original's digest was before the key.
    let rest: EventDigest

    /// - Returns: nil where no key of the root's stands behind the edits, on a line of its own.
    init?(after edits: [ByteEdit], in scan: ManifestScan, _ surroundings: Surroundings) {
        guard let last = edits.last else { return nil }
        let map = surroundings.map
        // Of a list, the metadata is not edited, but it is compared: it may stand anywhere.
        let metadata = scan.objects.first?.metadata?.key.start ?? -1
        let found = scan.rootKeys.first { key in
            let byte = map.byte(key.start)
            return byte >= last.range.upperBound && key.start > metadata && surroundings.indent(before: byte) != nil
        }
        guard let found else { return nil }
        editedStart = edits.reduce(found.start) { start, edit in
            start + edit.inserted.codePoints
                - UnsafeBufferPointer(rebasing: surroundings.bytes[edit.range]).codePoints
        }
        rest = found.rest
    }
}
