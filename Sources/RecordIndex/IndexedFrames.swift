import Recording
import Vocabulary

/// What the index keeps of an `open` frame.
struct IndexedOpening {
    let exchange: ExchangeID
    let session: String
    let invocation: String?
    /// Nanoseconds since 1970.
    let time: Int64
    let words: [Facet: String]
    /// The name of the object that the request's path names.
    let objectName: String?
    /// The frame.
    let json: JSONMembers

    /// Returns nil where the frame is no opening that can be read.
    init?(_ frame: JournalFrame) {
        guard frame.kind == .open, let json = JSONMembers(frame.payload),
            let exchange = json["exchange"]?.string.flatMap(ExchangeID.init), let session = json["session"]?.string,
            let time = json["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.exchange = exchange
        self.session = session
        self.time = time.nanoseconds
        self.json = json
        invocation = json["invocation"]?.string
        let info = json["requestInfo"]?.members
        let byline = json["byline"]?.members
        func text(_ json: JSONMembers.Value?) -> String? { json?.string.flatMap { $0.isEmpty ? nil : $0 } }
        var words: [Facet: String] = [:]
        words[.identity] = text(json["identity"]?.members?["username"])
        words[.model] = text(byline?[Byline.Field.model.rawValue]?.members?["value"])
        words[.agent] = text(byline?[Byline.Field.agentName.rawValue]?.members?["value"])
        words[.prompt] = text(byline?[Byline.Field.promptID.rawValue]?.members?["value"])
        words[.cluster] = text(json["cluster"])
        words[.verb] = text(info?["verb"])
        words[.resource] = text(info?["resource"]).map { resource in
            resource + (text(info?["apiGroup"]).map { ".\($0)" } ?? "")
                + (text(info?["subresource"]).map { "/\($0)" } ?? "")
        }
        words[.namespace] = text(info?["namespace"])
        words[.decision] = text(json["decision"]?.members?["effect"])
        self.words = words
        objectName = words[.resource] == nil ? nil : text(info?["name"])
    }

    /// Canonical JSON of who begins a session with a frame, which is canonical itself.
    static func author(_ json: JSONMembers) -> String {
        func text(_ name: String) -> String { json[name].map { String(decoding: $0.literal, as: UTF8.self) } ?? "{}" }
        return "{\"byline\":\(text("byline")),\"identity\":\(text("identity"))}"
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
        guard frame.kind == .close, let json = JSONMembers(frame.payload),
            let exchange = json["exchange"]?.string.flatMap(ExchangeID.init),
            let outcome = json["outcome"]?.string, let time = json["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.exchange = exchange
        self.outcome = outcome
        self.time = time.nanoseconds
    }
}
