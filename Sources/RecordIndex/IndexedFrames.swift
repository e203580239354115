import Recording
import Vocabulary

/// What the index keeps of an `open` frame.
struct IndexedOpening {
    let exchange: ExchangeID
    let session: String
    /// Canonical JSON of who began the session, should this be its first frame.
    let author: String
    let invocation: String?
    /// Nanoseconds since 1970.
    let time: Int64
    let words: [Facet: String]
    /// The name of the object that the request's path names.
    let objectName: String?

    /// Returns nil where the frame is no opening that can be read.
    init?(_ frame: JournalFrame) {
        guard frame.kind == .open, let json = try? JSON(parsing: frame.payload),
            let exchange = json["exchange"]?.string.flatMap(ExchangeID.init), let session = json["session"]?.string,
            let time = json["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.exchange = exchange
        self.session = session
        self.time = time.nanoseconds
        author = Self.author(json)
        invocation = json["invocation"]?.string
        let info = json["requestInfo"]
        func text(_ json: JSON?) -> String? { json?.string.flatMap { $0.isEmpty ? nil : $0 } }
        var words: [Facet: String] = [:]
        words[.identity] = text(json["identity"]?["username"])
        words[.model] = text(json["byline"]?[Byline.Field.model.rawValue]?["value"])
        words[.agent] = text(json["byline"]?[Byline.Field.agentName.rawValue]?["value"])
        words[.prompt] = text(json["byline"]?[Byline.Field.promptID.rawValue]?["value"])
        words[.cluster] = text(json["cluster"])
        words[.verb] = text(info?["verb"])
        words[.resource] = text(info?["resource"]).map { resource in
            resource + (text(info?["apiGroup"]).map { ".\($0)" } ?? "")
                + (text(info?["subresource"]).map { "/\($0)" } ?? "")
        }
        words[.namespace] = text(info?["namespace"])
        words[.decision] = text(json["decision"]?["effect"])
        self.words = words
        objectName = words[.resource] == nil ? nil : text(info?["name"])
    }

    static func author(_ json: JSON) -> String {
        JSON.object([
            .init("byline", json["byline"] ?? [:]), .init("identity", json["identity"] ?? [:]),
        ]).canonicalText
    }
}

/// What the index keeps of a `close` frame.
struct IndexedClosing {
    let exchange: ExchangeID
    let outcome: String
    /// Nanoseconds since 1970.
    let time: Int64

    /// Returns nil where the frame is no closing that can be read.
    init?(_ frame: JournalFrame) {
        guard frame.kind == .close, let json = try? JSON(parsing: frame.payload),
            let exchange = json["exchange"]?.string.flatMap(ExchangeID.init),
            let outcome = json["outcome"]?.string, let time = json["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.exchange = exchange
        self.outcome = outcome
        self.time = time.nanoseconds
    }
}
