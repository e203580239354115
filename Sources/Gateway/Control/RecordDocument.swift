import NIOHTTP1
import RecordIndex
import Vocabulary

/// The OpenAPI 3.1 document of the record's API. It needs no sign-in: it says nothing of what is recorded.
enum RecordDocument {
    static let path = "/byline/v1/openapi.json"

    static func response(to request: ControlRequest) -> ControlResponse {
        guard request.method == "GET" || request.method == "HEAD" else { return .refusal(.use("GET", of: path)) }
        return .json(.ok, json)
    }

    static var json: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Byline: the record", "version": "1",
                "description": """
                What the gateway recorded, for the identities that its configuration names under `auditors`. Lists are \
                sorted by time, the latest first. A page can hold fewer than its limit and not be the last: the last one \
                has no `next`. What is read here is itself recorded.
                """,
            ],
            "paths": .object(sessionPaths + exchangePaths),
            "components": [
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer",
                        "description": "a token of an issuer that the gateway trusts, or a session token",
                    ]
                ],
                "responses": ["Refused": answer("why not, and what to do", RecordSchemas.reference("Status"))],
                "schemas": RecordSchemas.all,
            ],
        ]
    }

    // MARK: the paths

    private static var sessionPaths: [JSON.Member] {
        let id = inPath("session", "the session's id", RecordSchemas.text)
        let watching = inHeader(
            "Last-Event-ID", "the id of the last event that is known: the watch goes on behind it")
        return [
            .init(
                path,
                [
                    "get": [
                        "operationId": "document", "summary": "this document", "security": [],
                        "responses": ["200": answer("OpenAPI 3.1", ["type": "object"])],
                    ]
                ]),
            get(
                "/byline/v1/sessions", "sessions", "the sessions with the latest exchanges",
                facets(SessionFilter.facets) + span + paging,
                [.init("200", answer("a page of sessions", RecordSchemas.page(of: "Session")))]),
            get(
                "/byline/v1/sessions/{session}", "session",
                "a session and its exchanges in the order in which they were recorded; the first of a page that worked at a "
                    + "prompt brings its `prompt`, where the text was sent", [id] + paging,
                [
                    .init(
                        "200",
                        answer(
                            "the session and a page of its exchanges",
                            RecordSchemas.page(of: "Exchange", and: "Session")
                        )), refused("404"),
                ]),
            get(
                "/byline/v1/sessions/{session}/watch", "watchSession",
                "a session's `open` and `close` frames from its beginning, and then as they are recorded",
                [id, watching],
                [
                    .init(
                        "200",
                        answer(
                            "server-sent events `open` and `close`, whose data is the frame; it ends with the token's "
                                + "life, or when the gateway stops", RecordSchemas.text, type: "text/event-stream")),
                    refused("404"), refused("429"),
                ]),
        ]
    }

    private static var exchangePaths: [JSON.Member] {
        let id = inPath("exchange", "the exchange's id: the Audit-ID that the cluster logs", RecordSchemas.uuid)
        let filters =
            facets(Facet.allCases)
            + [
                inQuery("session", "the session's id"), inQuery("name", "the object's name"),
                inQuery("text", "stands in the object's name or in the prompt's id, in either case"),
            ]
        let channel = inQuery("channel", "this channel alone: `body`, or `stdout` and so on of an upgraded connection")
        return [
            get(
                "/byline/v1/exchanges", "exchanges", "the latest exchanges that fulfil all conditions",
                filters + span + paging,
                [.init("200", answer("a page of exchanges", RecordSchemas.page(of: "Exchange")))]),
            get(
                "/byline/v1/exchanges/{exchange}", "exchange", "an exchange", [id],
                [.init("200", answer("the exchange", RecordSchemas.reference("Exchange"))), refused("404")]),
            content("request", [id, channel]), content("response", [id, channel]),
            get(
                "/byline/v1/exchanges/{exchange}/stream", "streamOfExchange",
                "what passed through the exchange, chunk by chunk, with its times", [id, channel],
                [
                    .init(
                        "200",
                        answer(
                            "a line of JSON for each chunk", RecordSchemas.reference("Chunk"),
                            type: "application/x-ndjson")), refused("404"),
                ]),
        ]
    }

    private static func content(_ direction: String, _ parameters: [JSON]) -> JSON.Member {
        let range = inHeader("Range", "one range of bytes (RFC 9110)")
        return get(
            "/byline/v1/exchanges/{exchange}/\(direction)", "\(direction)OfExchange",
            "the recorded bytes of the \(direction)", parameters + [range],
            [
                .init("200", answer("all of them", [:], type: "application/octet-stream")),
                .init("206", answer("the range that was asked for", [:], type: "application/octet-stream")),
                refused("404"), refused("416"),
            ])
    }

    // MARK: the parts

    private static func get(
        _ path: String, _ operation: String, _ summary: String, _ parameters: [JSON], _ answers: [JSON.Member]
    ) -> JSON.Member {
        let responses = answers + ["400", "401", "403", "503"].map(refused)
        return .init(
            path,
            [
                "get": [
                    "operationId": .string(operation), "summary": .string(summary), "parameters": .array(parameters),
                    "responses": .object(responses), "security": [["bearer": []]],
                ]
            ])
    }

    private static func answer(_ what: String, _ schema: JSON, type: String = "application/json") -> JSON {
        let media: JSON = schema == [:] ? [:] : ["schema": schema]
        return ["description": .string(what), "content": .object([.init(type, media)])]
    }

    private static func refused(_ status: String) -> JSON.Member {
        .init(status, ["$ref": "#/components/responses/Refused"])
    }

    private static func inQuery(_ name: String, _ what: String, _ schema: JSON = RecordSchemas.text) -> JSON {
        ["name": .string(name), "in": "query", "description": .string(what), "schema": schema]
    }

    private static func inHeader(_ name: String, _ what: String) -> JSON {
        ["name": .string(name), "in": "header", "description": .string(what), "schema": RecordSchemas.text]
    }

    private static func inPath(_ name: String, _ what: String, _ schema: JSON) -> JSON {
        [
            "name": .string(name), "in": "path", "required": true, "description": .string(what), "schema": schema,
        ]
    }

    private static var span: [JSON] {
        [
            inQuery("since", "begun then or later (a session: under way), in UTC", RecordSchemas.time),
            inQuery("until", "begun before that, in UTC", RecordSchemas.time),
        ]
    }

    private static var paging: [JSON] {
        [
            inQuery(
                "limit", "how many at most",
                ["type": "integer", "minimum": 1, "maximum": .integer(RecordQuestion.mostPerPage), "default": 50]),
            inQuery("cursor", "the `next` of the page before; everything else as it was"),
        ]
    }

    private static func facets(_ facets: [Facet]) -> [JSON] {
        facets.map { facet in
            switch facet {
            case .identity: inQuery(facet.name, "the caller's username")
            case .model: inQuery(facet.name, "the model that is claimed or attested")
            case .agent: inQuery(facet.name, "the agent's name")
            case .prompt: inQuery(facet.name, "the prompt's id")
            case .cluster: inQuery(facet.name, "the cluster's name at this gateway")
            case .verb: inQuery(facet.name, "Kubernetes' verb, as `create`")
            case .resource:
                inQuery(
                    facet.name,
                    "in any group and with its subresources, unless they are named: `deployments`, `deployments.apps`, "
                        + "`pods/exec`")
            case .namespace: inQuery(facet.name, "the namespace")
            case .outcome: inQuery(facet.name, "how it ended; `open` while it goes on", RecordSchemas.outcome)
            case .decision: inQuery(facet.name, "what policy said: `allow`, `deny`")
            }
        }
    }
}
