import CCRC32C
import Foundation
import Vocabulary

/// Writes a journal as a year of a busy gateway leaves it: exchanges of a few hundred people's agents, always the same
/// for the same count. Not shipped.
struct JournalPopulation {
    let count: Int
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    static let year: Int64 = 365 * 86_400
    static let start = Timestamp(seconds: 1_750_000_000)
    private static let segmentLength = 256 << 20
    private static let verbs = ["get", "get", "get", "list", "list", "watch", "patch", "update", "create", "delete"]
    private static let resources: [(group: String, name: String)] = [
        ("", "pods"), ("", "pods"), ("", "configmaps"), ("", "secrets"), ("", "services"), ("apps", "deployments"),
        ("apps", "deployments"), ("apps", "statefulsets"), ("batch", "jobs"), ("networking.k8s.io", "ingresses"),
    ]

    init(count: Int) { self.count = count }

    /// One of so many, uniformly: splitmix64.
    private mutating func pick(_ bound: Int) -> Int {
        random &+= 0x9E37_79B9_7F4A_7C15
        var value = random
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(bound))
    }

    mutating func write(to folder: String) throws {
        var number = 1
        var bytes = Self.header(number)
        func save() throws {
            let name = String(repeating: "0", count: 10 - String(number).count) + String(number)
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).byl"))
        }
        for index in 0..<count {
            append(index, to: &bytes)
            guard bytes.count >= Self.segmentLength else { continue }
            try save()
            number += 1
            bytes = Self.header(number)
        }
        try save()
    }

    private mutating func append(_ index: Int, to bytes: inout [UInt8]) {
        let nanoseconds = Self.start.nanoseconds + Int64(index) * (Self.year * 1_000_000_000 / Int64(count))
        let time = Timestamp(nanoseconds: nanoseconds + Int64(pick(1_000_000)))
        var generator = Repeated(high: UInt64(index))
        let id = ExchangeID(at: time, using: &generator)
        let (session, prompt) = (index / 40, index / 8)
        // An application has twenty objects, and lives in one namespace of one cluster.
        let (application, object) = (session % 20_000, pick(20))
        let resource = Self.resources[object % Self.resources.count]
        let verb = pick(200_000) == 0 ? "deletecollection" : Self.verbs[pick(Self.verbs.count)]
        let outcome = pick(50_000) == 0 ? "unknown" : pick(100) < 4 ? "failed" : "complete"
        let isDenied = pick(400) == 0
        let (namespace, name) = ("team-\(application % 400)", "web-\(application)-\(object)")
        let head = """
            {"byline":{"gen_ai.agent.name":{"trust":"asserted","value":"agent-\(session % 8)"},"gen_ai.request.model":\
            {"trust":"asserted","value":"model-\(session % 12)"},"prompt.id":{"trust":"asserted","value":"prompt-\(prompt)"}},\
            "cluster":"cluster-\(session % 5)","decision":{"effect":"\(isDenied ? "deny" : "allow")","rule":"developers"},\
            "exchange":"\(id)","headers":[["accept","application/json"]],"identity":{"groups":["developers"],\
            "issuer":"https://issuer.example","username":"person-\(session % 300)"},"invocation":"i-\(index / 4)",\
            "method":"GET","requestInfo":{"apiGroup":"\(resource.group)","apiVersion":"v1","name":"\(name)",\
            "namespace":"\(namespace)","resource":"\(resource.name)","verb":"\(verb)"},"session":"session-\(session)",\
            "sourceAddress":"127.0.0.1","target":"/api/v1/namespaces/\(namespace)/\(resource.name)/\(name)",\
            "time":"\(time)","userAgent":"kubectl/v1.31.0"}
            """
        Self.append(2, Array(head.utf8), to: &bytes)
        Self.append(
            3, id.bytes + [2, 1] + [UInt8](repeating: 0, count: 16) + [UInt8](repeating: 0x7B, count: 64), to: &bytes)
        let tail = """
            {"bytes":{"request":0,"response":64},"complete":\(outcome == "complete"),"duration":1200000,"exchange":"\(id)",\
            "omitted":0,"outcome":"\(outcome)","status":\(isDenied ? 403 : 200),"time":"\(time.advanced(bySeconds: 1))"}
            """
        Self.append(4, Array(tail.utf8), to: &bytes)
    }

    // MARK: the format, as `JournalFormat` describes it

    private static func header(_ number: Int) -> [UInt8] {
        var tail = [UInt8](repeating: 7, count: 16)
        append(UInt64(number), to: &tail)
        append(UInt64(start.nanoseconds), to: &tail)
        var header = Array("BYLINEJ\n".utf8)
        append(UInt32(1), to: &header)
        append(checksum(tail[...]), to: &header)
        return header + tail
    }

    private static func append(_ kind: UInt8, _ payload: [UInt8], to bytes: inout [UInt8]) {
        append(UInt32(payload.count), to: &bytes)
        let place = bytes.count
        append(UInt32(0), to: &bytes)
        bytes.append(kind)
        bytes += payload
        let sum = checksum(bytes[(place + 4)...])
        withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.withUnsafeBytes { byline_crc32c(~0, $0.baseAddress, $0.count) }
    }

    /// Gives an id its number instead of chance.
    private struct Repeated: RandomNumberGenerator {
        let high: UInt64
        mutating func next() -> UInt64 { high << 2 }
    }
}
