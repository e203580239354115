/// Chunks of an exchange, read from the journal one by one.
public struct RecordedChunks: Sendable {
    private let folder: JournalFolder
    private var places: ArraySlice<JournalCatalogue.ChunkPlace>
    private var open: (segment: UInt64, file: ChunkFile)?

    init(folder: JournalFolder, places: [JournalCatalogue.ChunkPlace]) {
        self.folder = folder
        self.places = places[...]
    }

    /// The next chunk, its bytes at most a frame's payload; nil at the end.
    public mutating func next() throws(RecordingFault) -> RecordedChunk? {
        guard let place = places.popFirst() else { return nil }
        let file: ChunkFile
        if let open, open.segment == place.segment {
            file = open.file
        } else {
            file = try ChunkFile(folder.segment(place.segment))
            open = (place.segment, file)
        }
        return RecordedChunk(
            direction: place.head.direction, channel: place.head.channel, offset: place.head.offset,
            elapsed: place.head.elapsed, bytes: try file.read(at: place.offset, count: place.length))
    }
}
