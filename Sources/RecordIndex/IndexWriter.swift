import GRDB
import Recording
import Vocabulary

/// Puts the journal's frames into the index, a batch a transaction, together with how far they go. To be used on the
/// follower's queue only.
final class IndexWriter {
    private let database: IndexDatabase
    private var known = KnownRows()
    /// The greatest id that an exchange has.
    private var maximum: Int64?

    init(_ database: IndexDatabase) { self.database = database }

    /// Where the next frame is to be looked for.
    func position() throws(IndexFault) -> JournalPosition { try follower().next }

    /// True where the journal still holds the last frame that was read, or nothing was read yet. False after its tail was
    /// lost with the power, or where it is another journal.
    func knows(_ journal: String) throws(IndexFault) -> Bool {
        guard let witness = try follower().witness else { return true }
        var reader = JournalReader(folder: journal, from: witness.position)
        do throws(RecordingFault) {
            guard let frame = try reader.nextOutline() else { return false }
            // A segment that is no longer kept took its last frame with it.
            return frame.position.segment > witness.position.segment || Witness(frame) == witness
        } catch { throw .journal(error) }
    }

    private func follower() throws(IndexFault) -> (next: JournalPosition, witness: Witness?) {
        var found: (JournalPosition, Witness?) = (.start, nil)
        do {
            try database.pool.read { db in
                guard let row = try Row.fetchOne(db, sql: Statements.follower) else { return }
                let place: Int64 = row[0]
                let witness: (place: Int64?, digest: Int64?) = (row[1], row[2])
                found.0 = Place(value: place).position
                if let place = witness.place, let digest = witness.digest {
                    found.1 = Witness(position: Place(value: place).position, digest: digest)
                }
            }
        } catch { throw .database(operation: "read", path: database.path, cause: "\(error)") }
        return found
    }

    /// Writes all that the frames tell, which are in the journal's order; `next` is where the frame behind them begins.
    func write(_ frames: [JournalFrame], next: JournalPosition) throws(IndexFault) {
        let place = try Place(next)
        do throws(IndexFault) {
            try database.write { db in
                if maximum == nil {
                    maximum = try Row.fetchOne(db, sql: Statements.bounds).flatMap { $0[1] } ?? Int64.min
                }
                var batch = IndexBatch(db, known, maximum: maximum ?? .min)
                for frame in frames { try batch.take(frame) }
                try batch.finish()
                (known, maximum) = (batch.known, batch.maximum)
                let witness = frames.last.map(Witness.init)
                try db.cachedStatement(sql: Statements.moveFollower).execute(arguments: [
                    place.value, witness.map { try Place($0.position).value }, witness?.digest,
                ])
            }
        } catch {
            // What was learnt may stand in a transaction that is undone.
            known = KnownRows()
            maximum = nil
            throw error
        }
    }

    /// Forgets what the journal no longer keeps.
    func forget(_ segments: ForgottenSegments) throws(IndexFault) {
        var next: Int64? = .min
        while let id = next {
            try database.write { next = try segments.forget(after: id, $0) }
        }
        known = KnownRows()
    }
}

/// A frame by which the journal is known again.
struct Witness: Hashable {
    let position: JournalPosition
    let digest: Int64

    init(position: JournalPosition, digest: Int64) {
        self.position = position
        self.digest = digest
    }

    /// FNV-1a of the payload (http://www.isthe.com/chongo/tech/comp/fnv/): enough to tell one journal's frame from
    /// another's, and nothing that needs to withstand an attacker.
    init(_ frame: JournalFrame) {
        position = frame.position
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in frame.payload.prefix(4_096) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        digest = Int64(bitPattern: hash)
    }
}
