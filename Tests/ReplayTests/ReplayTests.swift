import Replay
import Testing
import Vocabulary

@Suite struct ReplayTests {
    static let session: JSON = [
        "byline": [
            "gen_ai.request.model": ["trust": "asserted", "value": "model\u{1B}[2J"],
            "prompt.id": ["trust": "attested", "value": "p-1"],
        ],
        "clusters": ["dev"], "denied": 0, "exchanges": 3, "failed": 1, "firstTime": "2026-11-21T04:24:00.000000Z",
        "identity": ["groups": ["a,b", "c"], "issuer": "https://i", "username": "alice"],
        "lastTime": "2026-11-21T04:24:02.500000Z",
        "session": "s-1", "unknown": 1,
    ]

    static func exchange(_ id: String, _ verb: String, _ info: [JSON.Member], close: JSON?) -> JSON {
        let open: JSON = [
            "byline": ["prompt.id": ["trust": "asserted", "value": "p-2"]], "cluster": "dev",
            "decision": ["effect": "allow", "rule": "r"],
            "exchange": .string(id), "method": "GET",
            "requestInfo": .object(info + [JSON.Member("verb", .string(verb))]),
            "session": "s-1", "target": "/x", "time": "2026-11-21T04:24:01.000000Z",
        ]
        return .object([JSON.Member("open", open)] + (close.map { [JSON.Member("close", $0)] } ?? []))
    }

    static func close(_ outcome: String, status: Int?) -> JSON {
        .object(
            [
                JSON.Member("bytes", ["request": 0, "response": 1_234]), JSON.Member("duration", 12_000_000),
                JSON.Member("outcome", .string(outcome)),
            ] + (status.map { [JSON.Member("status", .integer($0))] } ?? []))
    }

    @Test func thePromptsTextStandsBelowTheHeadingOnceAndSafeForATerminal() throws {
        let prompt = JSON.Member("prompt", ["digest": "sha256:ab", "text": "do\u{1B}[2J\n\nthis", "time": "t"])
        let exchanges = ["e-1", "e-2"].map { id in
            JSON.object((Self.exchange(id, "get", [], close: nil).members ?? []) + [prompt])
        }
        let replay = try #require(SessionReplay(["session": Self.session, "exchanges": .array(exchanges)]))
        let shown = "\n  prompt sha256:ab\n    do\\u{1b}[2J\n\n    this\n"
        let heading = replay.heading(TextStyle(colours: false))
        #expect(heading.hasSuffix(shown) && heading.split(separator: "sha256:ab").count == 2)
        let page = ExchangePage(try #require(replay.exchanges.first)).text(TextStyle(colours: false))
        #expect(page.hasSuffix(shown))
    }

    @Test func tellsWhoWroteAndEveryExchange() throws {
        let pods: [JSON.Member] = [
            .init("resource", "pods"), .init("subresource", "exec"), .init("namespace", "n"), .init("name", "p"),
        ]
        let discovery: [JSON.Member] = [.init("path", "/apis/apps/v1")]
        let replay = try #require(
            SessionReplay([
                "session": Self.session,
                "exchanges": [
                    Self.exchange("e-1", "get", discovery, close: Self.close("complete", status: 200)),
                    Self.exchange("e-2", "get", discovery, close: Self.close("complete", status: 200)),
                    Self.exchange("e-3", "create", pods, close: Self.close("unknown", status: nil)),
                    Self.exchange(
                        "e-4", "watch", [.init("resource", "deployments"), .init("apiGroup", "apps")], close: nil),
                ],
            ]))
        let plain = TextStyle(colours: false)
        #expect(
            replay.heading(plain) == """
                Session s-1
                  who         alice  (groups: a,b, c)
                  proved by   https://i
                  model       model\\u{1b}[2J (asserted)
                  prompt      p-1 (attested), p-2 (asserted)
                  cluster     dev
                  time        2026-11-21T04:24:00.000Z, 2.5 s
                  exchanges   3, 1 failed, 1 of unknown end

                """)
        let lines = replay.listing(plain).split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            lines == [
                "AT VERB RESOURCE OBJECT STATUS TOOK SENT RECEIVED EXCHANGE BYLINE",
                "+1.00 s get API discovery 2 requests 200 - - 2.5 kB",
                "+1.00 s create pods/exec n/p unknown 12 ms 0 B 1.2 kB e-3 - p-2",
                "+1.00 s watch deployments.apps - open - - - e-4 - p-2",
            ])
        #expect(replay.listing(plain, all: true).split(separator: "\n").count == 5)
    }

    @Test func bodiesAreShownWithoutLettingTheTerminalObeyThem() {
        #expect(
            BodyText.render(Array(#"{"b":[1.0,{}],"a":""}"#.utf8))
                == "{\n  \"b\": [\n    1.0,\n    {}\n  ],\n  \"a\": \"\"\n}\n")
        #expect(BodyText.render(Array("{\"a\":1}\n{\"a\":2}\n".utf8)) == "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n")
        #expect(BodyText.render(Array("plain \u{1B}[31m text".utf8)) == "plain \\u{1b}[31m text\n")
        #expect(BodyText.render([0, 1, 2]) == "00000000  00 01 02" + String(repeating: " ", count: 41) + "...\n")
        #expect(BodyText.render([]) == "")
    }

    @Test func yamlQuotesWhatCouldBeReadAsSomethingElse() {
        #expect(
            YAMLText.render(["a": ["b": [["c": "yes", "d": 1], "x: y"], "e": []], "f": "plain"])
                == "a:\n  b:\n  - c: \"yes\"\n    d: 1\n  - \"x: y\"\n  e: []\nf: plain\n")
    }
}
