import Foundation
import LocalState
import TestSupport
import Vocabulary

@testable import Recording

/// A journal that a test writes frame by frame, in a folder that goes away with it.
final class JournalFixture {
    let folder: TemporaryFolder
    private var segment: UInt64 = 1
    private var bytes: [UInt8]
    private var minted: UInt64 = 0
    /// The time of the next opening.
    var time = Timestamp(seconds: 1_780_000_000)

    var journal: String { "\(folder.path)/journal" }
    var index: String { "\(folder.path)/index" }

    init() throws {
        folder = try TemporaryFolder()
        try PrivateFile.makeFolder("\(folder.path)/journal")
        bytes = JournalFormat.header(origin: [UInt8](repeating: 7, count: 16), segment: 1, time: time)
    }

    /// Begins the next segment.
    func rotate() throws {
        try save()
        segment += 1
        bytes = JournalFormat.header(origin: [UInt8](repeating: 7, count: 16), segment: segment, time: time)
    }

    /// Brings what was written so far to the disk, into the same file, as the recorder does.
    func save() throws { try Data(bytes).write(to: URL(fileURLWithPath: path(segment))) }

    func path(_ segment: UInt64) -> String { JournalFolder(path: journal).segment(segment) }

    func frame(_ kind: JournalFormat.Kind, _ payload: [UInt8]) {
        let checked = [kind.rawValue] + payload
        bytes.appendInteger(UInt32(payload.count))
        bytes.appendInteger(checked.withUnsafeBytes { CRC32C.checksum($0) })
        bytes += checked
    }

    /// Opens an exchange a second after the one before.
    @discardableResult
    func open(
        session: String = "s-1", identity: String = "alice", model: String? = "m-1", prompt: String? = "p-1",
        agent: String? = nil, cluster: String = "test", verb: String = "get", resource: String = "pods",
        group: String = "", subresource: String = "", namespace: String = "default", name: String = "",
        effect: String = "allow", invocation: String? = nil, digest: String? = nil, advance: Bool = true
    ) -> ExchangeID {
        if advance { time = time.advanced(bySeconds: 1) }
        minted += 1
        let id = ExchangeID(bytes: ((0..<8).map { UInt8(truncatingIfNeeded: minted >> (56 - 8 * $0)) } + [9])[...])
        func claim(_ value: String) -> JSON { ["trust": "asserted", "value": .string(value)] }
        let claims = [
            ("byline.prompt.digest", digest), ("gen_ai.agent.name", agent), ("gen_ai.request.model", model),
            ("prompt.id", prompt),
        ]
        var members: [JSON.Member] = [
            .init("byline", .object(claims.compactMap { name, value in value.map { .init(name, claim($0)) } })),
            .init("cluster", .string(cluster)), .init("decision", ["effect": .string(effect), "rule": "r"]),
            .init("exchange", .string(id.description)), .init("headers", []),
            .init("identity", ["groups": [], "issuer": "https://issuer.example", "username": .string(identity)]),
            .init("method", "GET"), .init("session", .string(session)), .init("sourceAddress", "127.0.0.1"),
            .init("target", "/api"), .init("time", .string(time.description)),
            .init(
                "requestInfo",
                [
                    "apiGroup": .string(group), "name": .string(name), "namespace": .string(namespace),
                    "resource": .string(resource), "subresource": .string(subresource), "verb": .string(verb),
                ]),
        ]
        if let invocation { members.append(.init("invocation", .string(invocation))) }
        frame(.open, JSON.object(members).canonicalBytes)
        return id
    }

    /// The text of a prompt, as a session's frame brings it.
    func prompt(_ text: String, digest: String, session: String = "s-1") {
        let members: [JSON.Member] = [
            .init("byline", [:]), .init("identity", [:]),
            .init("prompt", ["digest": .string(digest), "text": .string(text)]), .init("session", .string(session)),
            .init("time", .string(time.description)),
        ]
        frame(.session, JSON.object(members).canonicalBytes)
    }

    func close(_ id: ExchangeID, outcome: String = "complete", status: Int = 200) {
        frame(
            .close,
            JSON.object([
                .init("exchange", .string(id.description)), .init("outcome", .string(outcome)),
                .init("status", .integer(status)), .init("time", .string(time.description)),
            ]).canonicalBytes)
    }

    func chunk(_ id: ExchangeID, _ direction: Direction, offset: UInt64, _ content: [UInt8]) {
        var payload = id.bytes + [direction.rawValue, 1]
        payload.appendInteger(offset)
        payload.appendInteger(UInt64(5))
        frame(.chunk, payload + content)
    }

    /// Cuts the last segment, as a lost tail does.
    func cut(to count: Int) throws {
        bytes = Array(bytes.prefix(count))
        try save()
    }

    var length: Int { bytes.count }
}
