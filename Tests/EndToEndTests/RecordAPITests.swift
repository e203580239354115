import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// The API through which auditors read the record.
    @Suite struct RecordAPITests {
        private static let configMaps = "/clusters/test/api/v1/namespaces/default/configmaps"

        /// The conversation makes one session of the requests, whatever token each has.
        private static let byline = [
            "baggage: gen_ai.request.model=m-1,prompt.id=p-1,gen_ai.agent.name=a-1,gen_ai.conversation.id=c-1"
        ]

        /// A gateway through which an agent made and deleted an object, and the session's id.
        private func recorded(_ name: String) async throws -> (ServedGatewayUnderTest, session: String, create: String)
        {
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment())
            let token = try gateway.token("alice")
            let object = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"\#(name)"}}"#
            let json = Self.byline + ["Content-Type: application/json"]
            let made = try await gateway.send("POST", Self.configMaps, token: token, headers: json, body: object)
            #expect(made.status == 201, "\(made.body)")
            let path = "\(Self.configMaps)/\(name)"
            #expect(try await gateway.send("DELETE", path, token: token, headers: Self.byline).status == 200)
            let found = try await self.json(gateway, "/byline/v1/exchanges?verb=create")["exchanges"]?.array?.first
            let open = try #require(found?["open"])
            return (gateway, try #require(open["session"]?.string), try #require(open["exchange"]?.string))
        }

        private static func has(_ answer: ServedGatewayUnderTest.Answer, _ header: String) -> Bool {
            answer.headers.lowercased().contains("\(header)\r\n")
        }

        private func json(_ gateway: ServedGatewayUnderTest, _ path: String) async throws -> JSON {
            let answer = try await gateway.send("GET", path, token: gateway.token("auditor"))
            #expect(answer.status == 200, "\(path): \(answer.body)")
            return try JSON(parsing: answer.body)
        }

        @Test func theServerDoesWhatItsDocumentSays() async throws {
            let (gateway, session, exchange) = try await recorded("record-document")
            let served = try await gateway.send("GET", "/byline/v1/openapi.json", token: nil)
            let document = try APIDocument(JSON(parsing: served.body))
            #expect(document.operations.count == 9)
            let (auditor, stranger) = (try gateway.token("auditor"), try gateway.token("alice"))
            for operation in document.operations {
                let path = operation.path.replacingOccurrences(of: "{session}", with: session)
                    .replacingOccurrences(of: "{exchange}", with: exchange)
                let query = operation.queryParameters.map { "\($0.name)=\($0.sample)" }
                for field in [[]] + query.map({ [$0] }) + [query]
                where !field.contains(where: { $0.hasPrefix("cursor") }) {
                    let target = field.isEmpty ? path : "\(path)?\(field.joined(separator: "&"))"
                    let answer = try await gateway.send("GET", target, token: auditor, options: ["--max-time", "1"])
                    #expect(answer.status == 200, "\(target): \(answer.body)")
                    let type = try #require(operation.type(of: 200), "\(target)")
                    #expect(answer.headers.lowercased().contains("content-type: \(type)\r\n"), "\(target)")
                    try document.check(answer.body, operation, type)
                }
                guard operation.needsToken else { continue }
                #expect(try await gateway.send("GET", path, token: nil).status == 401, "\(path)")
                #expect(try await gateway.send("GET", path, token: stranger).status == 403, "\(path)")
                #expect(
                    try await gateway.send("GET", "\(path)?no-such-field=1", token: auditor).status == 400, "\(path)")
                #expect(try await gateway.send("POST", path, token: auditor).status == 405, "\(path)")
                for status in operation.statuses where status >= 400 {
                    #expect(operation.type(of: status) == "application/json", "\(path) \(status)")
                }
                guard operation.path.contains("{") else { continue }
                let other = operation.path.replacingOccurrences(of: "{session}", with: "no-such-session")
                    .replacingOccurrences(of: "{exchange}", with: "00000000-0000-7000-8000-000000000000")
                let missing = try await gateway.send("GET", other, token: auditor)
                #expect(missing.status == 404, "\(other)")
                try document.check(missing.body, schema: "Status")
            }
            await gateway.stop()
        }

        @Test func badQuestionsAreToldWhatIsWrongWithThem() async throws {
            let (gateway, session, _) = try await recorded("record-questions")
            let auditor = try gateway.token("auditor")
            for (query, message) in [
                ("exchanges?limit=0", "limit must be a number from 1 to 1000"), ("exchanges?limit=x", "limit must be"),
                ("exchanges?since=yesterday", "since must be a time in UTC"),
                ("exchanges?verb=a&verb=b", "verb must be"),
                ("exchanges?cursor=x", "not one of this question"), ("exchanges?colour=red", "there are: agent,"),
                ("exchanges?verb=%ZZ", "cannot be decoded"), ("sessions?verb=get", "is not known here"),
                ("exchanges?session=a%20b", "session must be"),
            ] {
                let answer = try await gateway.send("GET", "/byline/v1/\(query)", token: auditor)
                #expect(answer.status == 400 && answer.body.contains(message), "\(query): \(answer.body)")
            }
            let event = ["Last-Event-ID: elsewhere"]
            let watch = "/byline/v1/sessions/\(session)/watch"
            #expect(try await gateway.send("GET", watch, token: auditor, headers: event).status == 400)
            await gateway.stop()
        }

        @Test func bodiesAreServedInRanges() async throws {
            let (gateway, _, exchange) = try await recorded("record-ranges")
            let auditor = try gateway.token("auditor")
            let path = "/byline/v1/exchanges/\(exchange)/request"
            let body = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"record-ranges"}}"#
            let length = body.utf8.count
            #expect(try await gateway.send("GET", path, token: auditor).body == body)
            for (range, status, content, text) in [
                ("bytes=0-0", 206, "bytes 0-0/\(length)", String(body.prefix(1))),
                ("bytes=2-9", 206, "bytes 2-9/\(length)", String(body.dropFirst(2).prefix(8))),
                ("bytes=-3", 206, "bytes \(length - 3)-\(length - 1)/\(length)", String(body.suffix(3))),
                ("bytes=5-99999999999999999999", 206, "bytes 5-\(length - 1)/\(length)", String(body.dropFirst(5))),
                ("bytes=0-1,3-4", 200, nil, body), ("lines=0-1", 200, nil, body), ("bytes=3-2", 200, nil, body),
                ("bytes=\(length)-", 416, "bytes */\(length)", nil), ("bytes=-0", 416, "bytes */\(length)", nil),
            ] as [(String, Int, String?, String?)] {
                let answer = try await gateway.send("GET", path, token: auditor, headers: ["Range: \(range)"])
                #expect(answer.status == status, "\(range)")
                if let content {
                    #expect(Self.has(answer, "content-range: \(content)"), "\(answer.headers)")
                }
                if let text { #expect(answer.body == text, "\(range)") }
            }
            let head = try await gateway.send("HEAD", path, token: auditor, options: ["--head", "--max-time", "5"])
            #expect(head.status == 200 && Self.has(head, "content-length: \(length)"), "\(head.headers)")
            await gateway.stop()
        }

        @Test func whoReadsTheRecordIsRecorded() async throws {
            let (gateway, _, exchange) = try await recorded("record-reading")
            let path = "/byline/v1/exchanges/\(exchange)/response"
            #expect(try await gateway.send("GET", path, token: gateway.token("auditor")).status == 200)
            await gateway.stop()
            let segments = "\(gateway.folder.path)/state/journal"
            var journal = ""
            for name in try FileManager.default.contentsOfDirectory(atPath: segments) where name.hasSuffix(".byl") {
                journal += String(
                    decoding: try Data(contentsOf: URL(fileURLWithPath: "\(segments)/\(name)")), as: UTF8.self)
            }
            let readings = journal.components(separatedBy: #"{"cause":"reading","effect":"allow","#).dropFirst()
            let reading = try #require(readings.last { $0.contains(exchange) })
            #expect(reading.contains(#""username":"auditor""#))
            #expect(reading.contains(#""method":"GET""#) && reading.contains(#""target":"\#(path)""#))
        }

        @Test func aWatchFollowsASessionUntilTheGatewayStops() async throws {
            let (gateway, session, _) = try await recorded("record-watch")
            let name = "\(gateway.folder.path)/watch.curl"
            let token = try gateway.token("auditor")
            try Data("header = \"Authorization: Bearer \(token)\"\n".utf8).write(to: URL(fileURLWithPath: name))
            let watch = try RunningProgram(
                "/usr/bin/curl",
                [
                    "--silent", "--no-buffer", "--noproxy", "*", "--cacert", "\(gateway.folder.path)/ca.crt",
                    "--config", name, "\(gateway.url)/byline/v1/sessions/\(session)/watch",
                ], environment: [:])
            #expect(await watch.prints { $0.components(separatedBy: "event: close").count == 3 })
            #expect(watch.printed.components(separatedBy: "event: open").count == 3)
            let alice = try gateway.token("alice")
            _ = try await gateway.send("GET", Self.configMaps, token: alice, headers: Self.byline)
            #expect(await watch.prints { $0.components(separatedBy: "event: close").count == 4 })
            let ids = watch.printed.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { $0.dropFirst(4) }
            #expect(Set(ids).count == 6)
            let later = try await gateway.send(
                "GET", "/byline/v1/sessions/\(session)/watch", token: token,
                headers: ["Last-Event-ID: \(try #require(ids.dropLast().last))"], options: ["--max-time", "2"])
            #expect(later.body.components(separatedBy: "event: ").count == 2, "\(later.body)")
            let stopping = ContinuousClock.now
            await gateway.stop()
            #expect(await watch.result().code == 0)
            #expect(ContinuousClock.now - stopping < .seconds(15))
        }

        @Test func theClientSearchesAndFollowsPages() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let name = "record-search-\(UInt32.random(in: 0...UInt32.max))"
            _ = try await gateway.kubectl(model: "m-7", prompt: "p-7", ["create", "configmap", name])
            _ = try await gateway.kubectl(model: "m-8", prompt: "p-8", ["delete", "configmap", name])
            _ = try await gateway.kubectl(model: "m-8", prompt: "p-8", ["get", "configmap", "not-\(name)"])
            let byName = try await gateway.byline(["exchanges", "--name", name, "--verb", "delete"])
            #expect(byName.output.contains("m-8") && byName.output.contains("default/\(name)"), "\(byName.output)")
            #expect(!byName.output.contains("m-7"))
            let made = try await gateway.byline(["exchanges", "--name", name, "--verb", "create"])
            #expect(made.output.contains("m-7") && made.output.contains("configmaps"), "\(made.output)")
            let byText = try await gateway.byline(["exchanges", "--text", "not-record", "-o", "json"])
            let found = try #require(try JSON(parsing: byText.output)["exchanges"]?.array)
            #expect(found.count == 1 && found[0]["close"]?["status"] == 404)
            let all = try await gateway.byline(["exchanges", "--since", "1h", "--limit", "1000", "-o", "json"])
            let count = try #require(try JSON(parsing: all.output)["exchanges"]?.array?.count)
            let few = try await gateway.byline(["exchanges", "--limit", "2"])
            #expect(few.output.split(separator: "\n").count == 3)
            #expect(few.error.contains("there are more") == (count > 2))
            let sessions = try await gateway.byline(["sessions", "--model", "m-7", "-o", "json"])
            #expect(try JSON(parsing: sessions.output)["sessions"]?.array?.count == 1)
            let yaml = try await gateway.byline(["exchanges", "--prompt-id", "p-7", "-o", "yaml"])
            #expect(yaml.output.contains("exchanges:"))
            #expect(
                try await gateway.byline(["exchanges", "--until", "2020-01-01T00:00:00Z"]).output.contains(
                    "no exchange"))
            #expect(try await gateway.byline(["exchanges", "--since", "soon"]).code == 2)
            #expect(try await gateway.byline(["exchanges", "--limit", "0"]).code == 2)
            #expect(try await gateway.byline(["exchanges", "--session", "a b"]).code == 1)
            await gateway.stop()
        }
    }
}
