import GRDB
import Recording
import Vocabulary

/// Reads the texts of prompts from the journal, as the API tells them.
struct PromptFrames {
    let journal: String

    /// The exchanges, each with the member `prompt` that is the first of its prompt, where the session has sent its text.
    func adding(to exchanges: [JSON], _ db: Database) throws -> [JSON] {
        var told: Set<String> = []
        return try exchanges.map { exchange in
            let open = exchange["open"]
            guard let digest = open?["byline"]?[Byline.Field.promptDigest.rawValue]?["value"]?.string,
                let session = open?["session"]?.string, told.insert("\(session) \(digest)").inserted,
                let place = try Int64.fetchOne(db, sql: Statements.prompt, arguments: [session, digest]),
                let prompt = try prompt(at: place)
            else { return exchange }
            return .object((exchange.members ?? []) + [.init("prompt", prompt)])
        }
    }

    /// Returns nil where the journal does not keep it any more.
    private func prompt(at place: Int64) throws -> JSON? {
        var reader = JournalReader(folder: journal)
        guard let frame = try ExchangeFrames.json(at: Place(value: place).position, .session, &reader),
            let prompt = frame["prompt"], let digest = prompt["digest"], let text = prompt["text"],
            let time = frame["time"]
        else { return nil }
        return ["digest": digest, "text": text, "time": time]
    }
}
