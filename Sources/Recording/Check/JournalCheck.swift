import Crypto
import LocalState
public import Masking
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a journal from its first byte to its last and derives anew everything that it says of itself: frames and their
/// checksums, the sealed segments' tables, digests and pieces, the order of frames, the bodies' digests and totals.
public struct JournalCheck {
    private let folder: JournalFolder
    private var report = JournalCheckReport()
    private var audit: ExchangeAudit
    private let opensSeals: Bool
    private var facts: SegmentFacts?
    private var origin: [UInt8]?
    private var lastNumber: UInt64 = 0
    /// Pieces that were found to be good.
    private var goodPieces: Set<[UInt8]> = []

    private init(_ folder: JournalFolder, _ identity: AuditorIdentity?) {
        self.folder = folder
        audit = ExchangeAudit(identity: identity)
        opensSeals = identity != nil
    }

    /// Checks a journal.
    ///
    /// - Parameters:
    ///   - path: its folder.
    ///   - repair: true to cut the last segment's torn tail, after which the index must be made anew; nothing else is ever
    ///     changed.
    ///   - identity: an auditor's, with which the seals of originals are opened; nil to count their lines only.
    /// - Returns: what was found.
    /// - Throws: `RecordingFault` where the folder cannot be read, or is to be repaired while a gateway writes it.
    public static func run(
        _ path: String, repair: Bool, identity: AuditorIdentity? = nil
    ) throws(RecordingFault) -> JournalCheckReport {
        let folder = JournalFolder(path: path)
        guard try !folder.segments().isEmpty else { throw .notAJournal(path: path) }
        var check = JournalCheck(folder, identity)
        guard repair else {
            check.report.isInUse = try isInUse(folder)
            return try check.run()
        }
        let lock: FileLock
        do throws(FileFault) { lock = try FileLock(folder.lock) } catch {
            throw error.reason == .locked ? .inUse(folder: path) : .file(error)
        }
        let cut = try Recovery.run(folder).report.tornTail
        check.report.cut = cut.flatMap { $0.bytesCut > 0 ? $0 : nil }
        let report = try check.run()
        _ = consume lock
        return report
    }

    private static func isInUse(_ folder: JournalFolder) throws(RecordingFault) -> Bool {
        guard access(folder.lock, F_OK) == 0 else { return false }
        do throws(FileFault) { _ = try FileLock(folder.lock) } catch {
            if error.reason == .locked { return true }
        }
        return false
    }

    private mutating func run() throws(RecordingFault) -> JournalCheckReport {
        let numbers = try folder.segments()
        let plain = Set(try folder.plainSegments())
        for number in numbers {
            let isSealed = !plain.contains(number)
            let file = String(
                (isSealed ? folder.sealed(number) : folder.segment(number)).dropFirst(folder.path.count + 1))
            var segment = JournalCheckReport.Segment(file: file, isSealed: isSealed)
            do throws(RecordingFault) {
                try check(number, &segment, isLast: number == numbers.last)
            } catch {
                lose(.damage, file, at: segment.goodLength, "\(error)")
            }
            report.segments.append(segment)
        }
        report.exchanges = audit.finish()
        if opensSeals { report.seals = audit.seals.counts }
        for path in try PieceStore(folder: folder).allFiles() {
            report.pieces = (report.pieces.count + 1, report.pieces.bytes + JournalFolder.size(path))
        }
        return report
    }

    private mutating func lose(_ kind: JournalProblem.Kind, _ file: String, at offset: Int64? = nil, _ what: String) {
        report.add(JournalProblem(kind, file, at: offset, what))
        audit.doubt(before: .distantFuture)
    }

    private mutating func check(
        _ number: UInt64, _ segment: inout JournalCheckReport.Segment, isLast: Bool
    ) throws(RecordingFault) {
        let path = folder.segment(number)
        segment.lengthOnDisk = JournalFolder.size("\(folder.path)/\(segment.file)")
        if !segment.isSealed, try folder.isUnfinished(number) {
            // Its writer died, or lost its disk, over the header: nothing was ever in it.
            if isLast, !report.isInUse {
                report.add(JournalProblem(.tornTail, segment.file, at: 0, "its header is not whole"))
            }
            return
        }
        let sealed = segment.isSealed ? try SealedContent(folder.sealed(number)) : nil
        if let sealed { try check(sealed, segment.file) }
        let content: any SegmentContent = if let sealed { sealed } else { try PlainContent(path) }
        let reader = try SegmentReader(content, path: path)
        segment.length = try content.length()
        // What began earlier may have stood in a segment that retention has removed.
        if number != lastNumber + 1 { audit.doubt(before: reader.header.time) }
        lastNumber = number
        if reader.header.number != number {
            report.add(
                JournalProblem(
                    .contradiction, segment.file, "its header says that it is segment \(reader.header.number)"))
        }
        if let origin, origin != reader.header.origin {
            report.add(
                JournalProblem(
                    .contradiction, segment.file,
                    "it is of another journal: its origin is not that of the segments before"))
        }
        origin = reader.header.origin
        audit.begin(segmentOf: reader.header.time)
        var facts = SegmentFacts(after: self.facts)
        segment.goodLength = reader.position
        while let frame = try reader.next() {
            segment.frames += 1
            segment.goodLength = frame.end
            report.frames[frame.kind.name, default: 0] += 1
            facts.take(frame)
            if frame.event == .abandoned { audit.doubt(before: reader.header.time) }
            if let finding = audit.take(frame) {
                report.add(
                    JournalProblem(
                        .contradiction, segment.file, at: frame.offset, exchange: finding.exchange, finding.what))
            }
        }
        self.facts = facts
        checkEnd(segment, isLast: isLast, wasAbandoned: try isAbandoned(number))
        if let sealed, try sealed.facts().frames != facts.frames {
            report.add(JournalProblem(.contradiction, segment.file, "its table counts other frames than it has"))
        }
    }

    /// What stands behind the last whole frame.
    private mutating func checkEnd(_ segment: JournalCheckReport.Segment, isLast: Bool, wasAbandoned: Bool) {
        let rest = segment.length - segment.goodLength
        guard rest > 0 else { return }
        if isLast, !segment.isSealed {
            guard !report.isInUse else { return }
            return lose(.tornTail, segment.file, at: segment.goodLength, "\(rest) bytes of an unfinished frame end it")
        }
        // That its end is in doubt was known, and what mattered in it was written again.
        if wasAbandoned { return }
        lose(
            .damage, segment.file, at: segment.goodLength,
            "a frame is damaged here, and the \(rest) bytes from here on cannot be trusted")
    }

    /// True where the segment behind says that this one was given up after a failed sync.
    private func isAbandoned(_ number: UInt64) throws(RecordingFault) -> Bool {
        guard let next = try folder.segment(after: number) else { return false }
        var reader = JournalReader(folder: folder, from: JournalPosition(segment: next, offset: 0))
        return (try? reader.nextInSegment())??.event == .abandoned
    }

    /// Decodes a sealed segment block by block, and each piece to which it refers once for the whole journal.
    private mutating func check(_ sealed: SealedContent, _ file: String) throws(RecordingFault) {
        let store = PieceStore(folder: folder)
        for piece in sealed.table.pieces where !goodPieces.contains(piece.digest) {
            do throws(RecordingFault) {
                _ = try store.read(piece)
                goodPieces.insert(piece.digest)
            } catch { lose(.damage, file, "a piece of a body to which it refers cannot be read: \(error)") }
        }
        var digest = SHA256()
        var isWhole = true
        for block in sealed.table.blocks.indices {
            do throws(RecordingFault) { digest.update(data: try sealed.block(block)) } catch {
                isWhole = false
                lose(.damage, file, at: Int64(block) * SealedFormat.blockLength, "\(error)")
            }
        }
        if isWhole, Array(digest.finalize()) != sealed.table.plainDigest {
            lose(.damage, file, "its bytes are not those of its digest")
        }
    }
}

extension SegmentReader.Frame {
    /// What a `gateway` frame tells.
    fileprivate var event: GatewayEvent? {
        guard kind == .gateway else { return nil }
        return (try? JSON(parsing: payload))?["event"]?.string.flatMap(GatewayEvent.init)
    }
}
