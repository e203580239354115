import Vocabulary

/// The JSON schemas of what the record's API answers.
enum RecordSchemas {
    static let text: JSON = ["type": "string"]
    static let uuid: JSON = ["type": "string", "format": "uuid"]
    static let time: JSON = ["type": "string", "format": "date-time"]
    static let integer: JSON = ["type": "integer"]
    static let outcome: JSON = [
        "type": "string",
        "enum": ["open", "complete", "clientClosed", "upstreamClosed", "failed", "unknown"],
    ]

    static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// A page of sessions or exchanges, with the session whose they are.
    static func page(of name: String, and owner: String? = nil) -> JSON {
        let list = "\(name.lowercased())s"
        let owned = owner.map { JSON.Member($0.lowercased(), reference($0)) }
        let properties: [JSON.Member] = [.init(list, array(of: reference(name))), .init("next", text)]
        return object(properties + [owned].compactMap(\.self), required: [list] + [owned?.name].compactMap(\.self))
    }

    static var all: JSON {
        .object([
            .init("Byline", byline), .init("Identity", identity), .init("Session", session),
            .init(
                "Exchange",
                object(
                    [.init("open", open), .init("close", close), .init("prompt", reference("Prompt"))],
                    required: ["open"])),
            .init("Prompt", prompt),
            .init("Chunk", chunk), .init("Status", status),
        ])
    }

    private static func object(_ properties: [JSON.Member], required: [String]) -> JSON {
        ["type": "object", "required": .strings(required), "properties": .object(properties)]
    }

    private static func array(of items: JSON) -> JSON { ["type": "array", "items": items] }

    private static func texts(_ names: [String]) -> [JSON.Member] { names.map { .init($0, text) } }

    private static var byline: JSON {
        let trust: JSON = ["enum": ["asserted", "attested"]]
        return [
            "type": "object", "description": "model, prompt and so on, each by its name in baggage",
            "additionalProperties": object(
                [.init("trust", trust), .init("value", text)], required: ["trust", "value"]),
        ]
    }

    private static var identity: JSON {
        object(
            texts(["issuer", "uid", "username"])
                + [.init("groups", array(of: text)), .init("extra", ["type": "object"])],
            required: ["groups", "issuer", "username"])
    }

    private static var session: JSON {
        let counts = ["denied", "exchanges", "failed", "unknown"]
        let others: [JSON.Member] = [
            .init("byline", reference("Byline")), .init("clusters", array(of: text)), .init("firstTime", time),
            .init("identity", reference("Identity")), .init("lastTime", time), .init("session", text),
        ]
        return object(others + counts.map { .init($0, integer) }, required: others.map(\.name) + counts)
    }

    /// The text of the prompt that an exchange worked at, told with the first of a page's exchanges that did.
    private static var prompt: JSON {
        object(
            [
                .init("digest", ["type": "string", "description": "sha256:HEX of the text as it was sent"]),
                .init("text", ["type": "string", "description": "with its secrets masked"]), .init("time", time),
            ], required: ["digest", "text", "time"])
    }

    private static var open: JSON {
        let decision = object(texts(["effect", "reason", "rule"]), required: ["effect", "rule"])
        let members: [JSON.Member] = [
            .init("byline", reference("Byline")), .init("cluster", text), .init("decision", decision),
            .init("exchange", uuid), .init("identity", reference("Identity")), .init("method", text),
            .init("requestInfo", ["type": "object"]), .init("session", text), .init("target", text),
            .init("time", time),
        ]
        return object(members, required: members.map(\.name))
    }

    private static var close: JSON {
        let members: [JSON.Member] = [
            .init("exchange", uuid), .init("outcome", text), .init("time", time), .init("status", integer),
            .init("duration", ["type": "integer", "description": "nanoseconds"]),
        ]
        return object(members, required: ["exchange", "outcome", "time"])
    }

    private static var chunk: JSON {
        object(
            [
                .init("bytes", ["type": "string", "contentEncoding": "base64"]), .init("channel", text),
                .init("direction", ["enum": ["request", "response"]]),
                .init("elapsed", ["type": "integer", "description": "nanoseconds since the exchange began"]),
                .init("end", ["type": "boolean", "description": "the side ended the channel"]),
                .init(
                    "offset", ["type": "integer", "description": "of the first byte, within direction and channel"]),
            ], required: ["channel", "direction", "elapsed", "offset"])
    }

    private static var status: JSON {
        object(
            [
                .init("kind", ["const": "Status"]), .init("apiVersion", ["const": "v1"]),
                .init("status", ["const": "Failure"]), .init("metadata", ["type": "object"]), .init("message", text),
                .init("reason", text), .init("code", integer),
            ], required: ["apiVersion", "code", "kind", "message", "reason", "status"])
    }
}
