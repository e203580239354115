/// Every SQL statement of the index, and nothing else.
///
/// Times are nanoseconds since 1970. A `place` is a position in the journal as `Place` packs it. An exchange's `id` is the
/// time of its opening, made unique: what is asked for by time, or the latest first, follows the table itself.
enum Statements {
    static let version1 = """
        CREATE TABLE follower (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            place INTEGER NOT NULL,          -- where the next frame is looked for
            witness_place INTEGER,           -- the last frame that was read, and what it holds
            witness INTEGER
        );
        INSERT INTO follower (id, place) VALUES (1, 0);

        CREATE TABLE words (
            id INTEGER PRIMARY KEY,
            facet INTEGER NOT NULL,
            text TEXT NOT NULL,
            exchanges INTEGER NOT NULL DEFAULT 0,  -- about how many have it: for choosing the shortest way
            last INTEGER NOT NULL DEFAULT 0,       -- none later has it
            UNIQUE (facet, text)
        );

        CREATE TABLE objects (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            namespace INTEGER NOT NULL,      -- 0 where it lives in none
            resource INTEGER NOT NULL,
            cluster INTEGER NOT NULL,
            exchanges INTEGER NOT NULL DEFAULT 0,
            last INTEGER NOT NULL DEFAULT 0,
            UNIQUE (name, namespace, resource, cluster)
        );

        CREATE VIRTUAL TABLE object_text USING fts5(name, content='objects', content_rowid='id', tokenize='trigram');
        CREATE VIRTUAL TABLE word_text USING fts5(text, content='words', content_rowid='id', tokenize='trigram');

        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            session TEXT NOT NULL UNIQUE,
            author TEXT NOT NULL,            -- canonical JSON: byline and identity
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            exchanges INTEGER NOT NULL DEFAULT 0,
            denied INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            unknown INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX sessions_by_last ON sessions (last);

        CREATE TABLE session_words (
            session INTEGER NOT NULL,
            word INTEGER NOT NULL,
            PRIMARY KEY (session, word)
        ) WITHOUT ROWID;
        CREATE INDEX session_words_by_word ON session_words (word);

        CREATE TABLE invocations (
            id INTEGER PRIMARY KEY,
            session INTEGER NOT NULL,
            invocation TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            exchanges INTEGER NOT NULL DEFAULT 0,
            UNIQUE (session, invocation)
        );

        CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY,
            exchange BLOB NOT NULL UNIQUE,
            session INTEGER NOT NULL,
            invocation INTEGER,
            object INTEGER,
            opened INTEGER NOT NULL,         -- place of the open frame
            closed INTEGER,                  -- place of the close frame
            identity INTEGER,
            model INTEGER,
            agent INTEGER,
            prompt INTEGER,
            cluster INTEGER,
            verb INTEGER,
            resource INTEGER,
            namespace INTEGER,
            outcome INTEGER NOT NULL,
            decision INTEGER
        );
        CREATE INDEX exchanges_by_session ON exchanges (session, opened);
        CREATE INDEX exchanges_by_session_closed ON exchanges (session, closed) WHERE closed IS NOT NULL;
        CREATE INDEX exchanges_by_invocation ON exchanges (invocation) WHERE invocation IS NOT NULL;
        CREATE INDEX exchanges_by_object ON exchanges (object) WHERE object IS NOT NULL;
        CREATE INDEX exchanges_by_identity ON exchanges (identity) WHERE identity IS NOT NULL;
        CREATE INDEX exchanges_by_model ON exchanges (model) WHERE model IS NOT NULL;
        CREATE INDEX exchanges_by_agent ON exchanges (agent) WHERE agent IS NOT NULL;
        CREATE INDEX exchanges_by_prompt ON exchanges (prompt) WHERE prompt IS NOT NULL;
        CREATE INDEX exchanges_by_cluster ON exchanges (cluster) WHERE cluster IS NOT NULL;
        CREATE INDEX exchanges_by_verb ON exchanges (verb) WHERE verb IS NOT NULL;
        CREATE INDEX exchanges_by_resource ON exchanges (resource) WHERE resource IS NOT NULL;
        CREATE INDEX exchanges_by_namespace ON exchanges (namespace) WHERE namespace IS NOT NULL;
        CREATE INDEX exchanges_by_outcome ON exchanges (outcome);
        CREATE INDEX exchanges_by_decision ON exchanges (decision) WHERE decision IS NOT NULL;

        CREATE TABLE chunks (
            exchange INTEGER NOT NULL,
            place INTEGER NOT NULL,
            direction INTEGER NOT NULL,      -- 1 request, 2 response
            channel TEXT,                    -- NULL for the body
            content INTEGER NOT NULL,        -- 1 for what was sent to be read by the other end
            length INTEGER NOT NULL,
            PRIMARY KEY (exchange, place)
        ) WITHOUT ROWID;
        """

    static let version2 = """
        CREATE TABLE prompts (
            session INTEGER NOT NULL,
            digest TEXT NOT NULL,
            place INTEGER NOT NULL,          -- of the session frame that holds the text
            PRIMARY KEY (session, digest)
        ) WITHOUT ROWID;
        """

    // MARK: the follower

    static let textSearchOption = "SELECT sqlite_compileoption_used('ENABLE_FTS5'), sqlite_version()"
    static let tuning = ["PRAGMA cache_size = -32768", "PRAGMA temp_store = MEMORY"]
    static let follower = "SELECT place, witness_place, witness FROM follower"
    static let moveFollower = "UPDATE follower SET place = ?, witness_place = ?, witness = ?"

    // MARK: what the follower writes

    static let findWord = "SELECT id FROM words WHERE facet = ? AND text = ?"
    static let addWord = "INSERT INTO words (facet, text) VALUES (?, ?)"
    static let addWordText = "INSERT INTO word_text (rowid, text) VALUES (?, ?)"
    static let countWord = "UPDATE words SET exchanges = exchanges + ?, last = max(last, ?) WHERE id = ?"

    static let findObject = "SELECT id FROM objects WHERE name = ? AND namespace = ? AND resource = ? AND cluster = ?"
    static let addObject = "INSERT INTO objects (name, namespace, resource, cluster) VALUES (?, ?, ?, ?)"
    static let addObjectText = "INSERT INTO object_text (rowid, name) VALUES (?, ?)"
    static let countObject = "UPDATE objects SET exchanges = exchanges + ?, last = max(last, ?) WHERE id = ?"

    static let findSession = "SELECT id FROM sessions WHERE session = ?"
    static let addSession = "INSERT INTO sessions (session, author, first, last) VALUES (?, ?, ?, ?)"
    static let countSession = """
        UPDATE sessions SET first = min(first, ?), last = max(last, ?), exchanges = exchanges + ?, denied = denied + ?, \
        failed = failed + ?, unknown = unknown + ? WHERE id = ?
        """
    static let addSessionWord = "INSERT OR IGNORE INTO session_words (session, word) VALUES (?, ?)"

    static let addPrompt = "INSERT OR REPLACE INTO prompts (session, digest, place) VALUES (?, ?, ?)"

    static let findInvocation = "SELECT id FROM invocations WHERE session = ? AND invocation = ?"
    static let addInvocation = "INSERT INTO invocations (session, invocation, first, last) VALUES (?, ?, ?, ?)"
    static let countInvocation = """
        UPDATE invocations SET first = min(first, ?), last = max(last, ?), exchanges = exchanges + ? WHERE id = ?
        """

    static let isTaken = "SELECT 1 FROM exchanges WHERE id = ?"
    static let findExchange = """
        SELECT id, session, decision, outcome FROM exchanges WHERE exchange = ?
        """
    static let addExchange = """
        INSERT INTO exchanges (id, exchange, session, invocation, object, opened, closed, identity, model, agent, prompt, \
        cluster, verb, resource, namespace, outcome, decision) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let moveOpening = "UPDATE exchanges SET opened = ? WHERE id = ?"
    static let close = "UPDATE exchanges SET closed = ?, outcome = ? WHERE id = ?"
    static let addChunk = """
        INSERT OR REPLACE INTO chunks (exchange, place, direction, channel, content, length) VALUES (?, ?, ?, ?, ?, ?)
        """

    static let nameObject = "UPDATE exchanges SET object = ? WHERE id = ? AND object IS NULL"
    static let removeChunksBetween = "DELETE FROM chunks WHERE place >= ? AND place < ?"

    // MARK: what is forgotten

    static let exchangesFrom = "SELECT id, opened FROM exchanges WHERE id > ? ORDER BY id LIMIT ?"
    static let forgetChunks = "DELETE FROM chunks WHERE exchange = ?"
    static let forgetExchange = "DELETE FROM exchanges WHERE id = ?"
    private static let unused = "last < coalesce((SELECT min(id) FROM exchanges), 9223372036854775807)"
    /// What no exchange has any more.
    static let forgetUnused = [
        "DELETE FROM sessions WHERE NOT EXISTS (SELECT 1 FROM exchanges e WHERE e.session = sessions.id)",
        "DELETE FROM prompts WHERE session NOT IN (SELECT id FROM sessions)",
        "DELETE FROM session_words WHERE session NOT IN (SELECT id FROM sessions)",
        "DELETE FROM invocations WHERE session NOT IN (SELECT id FROM sessions)",
        "INSERT INTO object_text (object_text, rowid, name) SELECT 'delete', id, name FROM objects WHERE \(unused)",
        "DELETE FROM objects WHERE \(unused)",
        """
        INSERT INTO word_text (word_text, rowid, text) SELECT 'delete', id, text FROM words \
        WHERE facet = \(Facet.prompt.rawValue) AND \(unused)
        """,
        "DELETE FROM words WHERE facet = \(Facet.prompt.rawValue) AND \(unused)",
    ]

    // MARK: what is asked

    /// The id of the exchange before so many others below an id.
    static let idBelow = "SELECT id FROM exchanges WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?"
    static let bounds = "SELECT (SELECT min(id) FROM exchanges), (SELECT max(id) FROM exchanges)"
    static let countExchanges = "SELECT count(*) FROM exchanges"
    static let word = "SELECT id, exchanges, last FROM words WHERE facet = ? AND text = ?"
    static let wordsBetween = "SELECT id, exchanges, last, text FROM words WHERE facet = ? AND text >= ? AND text < ?"
    static let objectsNamed = "SELECT id, exchanges, last FROM objects WHERE name = ? LIMIT ?"
    static let objectsLike = """
        SELECT o.id, o.exchanges, o.last FROM object_text t JOIN objects o ON o.id = t.rowid \
        WHERE object_text MATCH ? LIMIT ?
        """
    static let wordsLike = """
        SELECT w.id, w.exchanges, w.last FROM word_text t JOIN words w ON w.id = t.rowid WHERE word_text MATCH ? LIMIT ?
        """
    static let countObjectsLike = "SELECT count(*) FROM (SELECT 1 FROM object_text WHERE object_text MATCH ? LIMIT ?)"
    static let countWordsLike = "SELECT count(*) FROM (SELECT 1 FROM word_text WHERE word_text MATCH ? LIMIT ?)"
    /// What is found is put in a list once for each statement; the sign keeps SQLite from going through it one by one.
    static let textInList = """
        (+object IN (SELECT rowid FROM object_text WHERE object_text MATCH ?) \
        OR +prompt IN (SELECT rowid FROM word_text WHERE word_text MATCH ?))
        """
    static let objectsNamedAnywhere = "object IN (SELECT id FROM objects WHERE name = ?)"
    static let textAnywhere = """
        (EXISTS (SELECT 1 FROM objects o WHERE o.id = object AND o.name LIKE ? ESCAPE '\\') \
        OR EXISTS (SELECT 1 FROM words w WHERE w.id = prompt AND w.text LIKE ? ESCAPE '\\'))
        """

    /// The latest exchanges of a span of ids, found by a column's word, or without one in the table itself. The conditions
    /// must hold as well; they do not choose another way.
    static func exchanges(
        by way: (column: String, word: Int64)?, from low: Int64, below high: Int64, conditions: [String], limit: Int
    ) -> String {
        let indexed = way.map { " INDEXED BY exchanges_by_\($0.column)" } ?? ""
        let found = way.map { "\($0.column) = \($0.word) AND " } ?? ""
        let others = conditions.map { " AND \($0)" }.joined()
        return
            "SELECT id, opened, closed FROM exchanges\(indexed) WHERE \(found)id >= \(low) AND id < \(high)\(others) "
            + "ORDER BY id DESC LIMIT \(limit)"
    }

    /// The latest of what several ways find, each exchange once.
    static func latest(of selections: [String], limit: Int) -> String {
        guard selections.count > 1 else { return selections.first ?? "" }
        return selections.map { "SELECT * FROM (\($0))" }.joined(separator: " UNION ")
            + " ORDER BY id DESC LIMIT \(limit)"
    }

    /// True of exchanges that have one of the words in the column; the sign keeps SQLite from finding them by it.
    static func has(_ column: String, oneOf words: [Int64]) -> String {
        "+\(column) IN (\(words.map(String.init).joined(separator: ",")))"
    }

    static let exchange = "SELECT id, opened, closed FROM exchanges WHERE exchange = ?"
    static let exchangesOfSession = """
        SELECT id, opened, closed FROM exchanges WHERE session = ? AND opened > ? ORDER BY opened LIMIT ?
        """
    static let prompt = """
        SELECT p.place FROM prompts p JOIN sessions s ON s.id = p.session WHERE s.session = ? AND p.digest = ?
        """
    static let openings = """
        SELECT opened FROM exchanges WHERE session = ? AND opened > ? ORDER BY opened LIMIT ?
        """
    static let closings = """
        SELECT closed FROM exchanges WHERE session = ? AND closed > ? ORDER BY closed LIMIT ?
        """

    private static let session =
        "s.id, s.session, s.author, s.first, s.last, s.exchanges, s.denied, s.failed, s.unknown"
    static let sessionNamed = "SELECT \(session) FROM sessions s WHERE s.session = ?"
    static let sessionCount = "SELECT id, exchanges, last FROM sessions WHERE session = ?"
    static let sessionClusters = """
        SELECT w.text FROM session_words sw JOIN words w ON w.id = sw.word WHERE sw.session = ? AND w.facet = ? \
        ORDER BY w.text
        """
    static let countSessionsWith = "SELECT count(*) FROM (SELECT 1 FROM session_words WHERE word = ? LIMIT ?)"

    /// The sessions with the latest exchanges that have all of the words, found by one more word, or without one by going
    /// through all of them.
    static func sessions(by way: Int64?, with words: [Int64]) -> String {
        let joined =
            way.map { "session_words sw CROSS JOIN sessions s ON s.id = sw.session WHERE sw.word = \($0)" }
            ?? "sessions s WHERE true"
        let others = words.map {
            " AND EXISTS (SELECT 1 FROM session_words w WHERE w.session = s.id AND w.word = \($0))"
        }.joined()
        return "SELECT \(session) FROM \(joined)\(others) AND s.first < ? AND s.last >= ? AND (s.last, s.id) < (?, ?) "
            + "ORDER BY s.last DESC, s.id DESC LIMIT ?"
    }

    static let chunks = """
        SELECT place, direction, channel, content, length FROM chunks WHERE exchange = ? AND place > ? \
        ORDER BY place LIMIT ?
        """
    static let contentLength = """
        SELECT coalesce(sum(length), 0) FROM chunks WHERE exchange = ? AND direction = ? AND content = 1
        """
    static let channelLength = """
        SELECT coalesce(sum(length), 0) FROM chunks WHERE exchange = ? AND direction = ? \
        AND coalesce(channel, 'body') = ?
        """
}
