import LocalState
import Vocabulary

/// How long the journal's sealed segments are kept.
public struct Retention: Hashable, Sendable {
    /// In seconds, from the latest time that stands in a segment; nil for ever.
    public var age: Int64? = 396 * 86_400
    /// What the journal may take on disk, in bytes; nil for as much as there is.
    public var bytes: Int64?

    public init() {}
}

/// Removes the oldest sealed segments when their time is over or the journal is too large. The segment that was sealed last
/// always stays, and so does whatever holds a session under legal hold.
struct RetentionSweep {
    let folder: JournalFolder
    let retention: Retention
    let now: Timestamp

    /// A segment that is no more.
    struct Removal: Equatable {
        let segment: UInt64
        let because: UpkeepReport.Cause
    }

    /// Removes what is due.
    ///
    /// - Parameter isCancelled: asked before each removal.
    /// - Returns: what was removed.
    /// - Throws: `RecordingFault`; what was not yet removed stays then, and so does everything where the legal holds or a
    ///   segment's sessions cannot be read.
    func run(isCancelled: () -> Bool) throws(RecordingFault) -> [Removal] {
        guard retention.age != nil || retention.bytes != nil else { return [] }
        let candidates = try folder.sealedSegments().dropLast()
        var size = try retention.bytes == nil ? 0 : journalSize()
        var removed: [Removal] = []
        for number in candidates where !isCancelled() {
            let content = try SealedContent(folder.sealed(number))
            let facts = try content.facts()
            let isTooMuch = retention.bytes.map { size > $0 } ?? false
            guard isTooMuch || isTooOld(facts) else { break }
            // Asked anew for each: a hold may be placed at any moment.
            let held = Set(try LegalHolds(folder: folder).all().map(\.session.description))
            guard held.isDisjoint(with: facts.sessions) else { continue }
            do throws(FileFault) { try PrivateFile.remove(folder.sealed(number)) } catch { throw .file(error) }
            removed.append(Removal(segment: number, because: isTooOld(facts) ? .age : .size))
            if !content.table.pieces.isEmpty { try sweepPieces() }
            if isTooMuch { size = try journalSize() }
        }
        if !removed.isEmpty {
            do throws(FileFault) { try PrivateFile.syncFolder(folder.path) } catch { throw .file(error) }
        }
        return removed
    }

    private func isTooOld(_ facts: SegmentFacts) -> Bool {
        guard let age = retention.age, let last = facts.lastTime.flatMap(Timestamp.init(rfc3339:)) else { return false }
        return last.advanced(bySeconds: age) < now
    }

    private func sweepPieces() throws(RecordingFault) {
        var kept: Set<[UInt8]> = []
        for number in try folder.sealedSegments() {
            kept.formUnion(try SealedContent(folder.sealed(number)).table.pieces.map(\.digest))
        }
        try PieceStore(folder: folder).sweep(keeping: kept)
    }

    private func journalSize() throws(RecordingFault) -> Int64 {
        let segments = try folder.segments().map {
            max(JournalFolder.size(folder.segment($0)), JournalFolder.size(folder.sealed($0)))
        }
        let pieces = try PieceStore(folder: folder).allFiles().map(JournalFolder.size)
        return (segments + pieces).reduce(0, +)
    }
}
