import GRDB
import Recording

/// Forgets the exchanges whose segments the journal no longer keeps, and what belonged to them alone.
struct ForgottenSegments {
    /// The segments that are kept.
    let kept: Set<UInt64>
    /// The latest segment that is gone.
    let latestGone: UInt64

    /// How many exchanges one transaction goes through.
    private static let batch = 5_000

    /// Returns nil where every segment is still there.
    init?(_ segments: [UInt64]) {
        let kept = Set(segments)
        guard let last = segments.last, let gone = (1..<last).last(where: { !kept.contains($0) }) else { return nil }
        self.kept = kept
        latestGone = gone
    }

    /// Goes through the exchanges behind an id.
    ///
    /// - Returns: where to go on; nil where all that can be gone is forgotten.
    func forget(after id: Int64, _ db: Database) throws -> Int64? {
        let rows = try Row.fetchAll(db, sql: Statements.exchangesFrom, arguments: [id, Self.batch])
        var last = id
        var isBeyond = true
        for row in rows {
            last = row[0]
            let segment = Place(value: row[1]).position.segment
            if segment <= latestGone { isBeyond = false }
            guard segment <= latestGone, !kept.contains(segment) else { continue }
            try db.cachedStatement(sql: Statements.forgetChunks).execute(arguments: [last])
            try db.cachedStatement(sql: Statements.forgetExchange).execute(arguments: [last])
        }
        if rows.count == Self.batch, !isBeyond { return last }
        for statement in Statements.forgetUnused { try db.execute(sql: statement) }
        return nil
    }
}
