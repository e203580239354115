import Foundation
import GRDB
import LocalState

/// The index's file: SQLite in WAL mode. What cannot be used any more, because it is of a later version or damaged, is
/// removed and made anew: everything in it can be read from the journal.
struct IndexDatabase: Sendable {
    let pool: DatabasePool
    let path: String

    /// Opens the file in its folder, or makes both.
    static func open(folder: String, journal: String) throws(IndexFault) -> IndexDatabase {
        let path = "\(folder)/record.sqlite"
        do throws(FileFault) { try PrivateFile.makeFolder(folder) } catch { throw .file(error) }
        do throws(IndexFault) {
            let database = try open(path)
            if try IndexWriter(database).knows(journal) { return database }
            try database.close()
        } catch {
            guard case .database = error else { throw error }
        }
        try remove(folder: folder)
        return try open(path)
    }

    private func close() throws(IndexFault) {
        do { try pool.close() } catch { throw .database(operation: "close", path: path, cause: "\(error)") }
    }

    /// Removes the files of an index that nobody has open.
    static func remove(folder: String) throws(IndexFault) {
        for name in ["record.sqlite", "record.sqlite-wal", "record.sqlite-shm"] {
            do throws(FileFault) { try PrivateFile.remove("\(folder)/\(name)") } catch {
                guard error.isMissing else { throw .file(error) }
            }
        }
    }

    private static func open(_ path: String) throws(IndexFault) -> IndexDatabase {
        // SQLite's other files get the mode of this one.
        do throws(FileFault) { try PrivateFile.create(path, with: []) } catch {
            guard error.reason == .system(errno: EEXIST) else { throw .file(error) }
        }
        let pool: DatabasePool
        do {
            var configuration = Configuration()
            configuration.label = "byline.index"
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { db in for statement in Statements.tuning { try db.execute(sql: statement) }
            }
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch { throw .database(operation: "open", path: path, cause: "\(error)") }
        let database = IndexDatabase(pool: pool, path: path)
        try database.checkTextSearch()
        do {
            let migrator = migrator
            guard try pool.read({ try !migrator.hasBeenSuperseded($0) }) else {
                throw DatabaseError(message: "a later version of byline-gateway made it")
            }
            try migrator.migrate(pool)
        } catch { throw .database(operation: "prepare", path: path, cause: "\(error)") }
        return database
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: Statements.version1) }
        migrator.registerMigration("2") { try $0.execute(sql: Statements.version2) }
        return migrator
    }

    private func checkTextSearch() throws(IndexFault) {
        let found: (has: Bool, version: String)
        do {
            found = try pool.read { db in
                guard let row = try Row.fetchOne(db, sql: Statements.textSearchOption) else { return (false, "") }
                return (row[0], row[1])
            }
        } catch { throw .database(operation: "read", path: path, cause: "\(error)") }
        guard found.has else { throw .noTextSearch(version: found.version) }
    }

    /// Asks on a connection of its own, beside the follower.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(IndexFault) -> Value
    {
        do { return try await pool.read(body) } catch let fault as IndexFault { throw fault } catch {
            throw .database(operation: "read", path: path, cause: "\(error)")
        }
    }

    /// Writes in one transaction.
    func write(_ body: (Database) throws -> Void) throws(IndexFault) {
        do { try pool.write(body) } catch let fault as IndexFault { throw fault } catch {
            throw .database(operation: "write", path: path, cause: "\(error)")
        }
    }
}
