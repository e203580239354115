import LocalState
import Logging
import Recording
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The gateway's log: one line an event on standard error, as JSON or for people. It says what happened to which
/// exchange, never a body, a header's value or a token.
struct GatewayLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let isJSON: Bool

    init(_ settings: GatewayConfiguration.Log) {
        logLevel =
            switch settings.level {
            case .error: .error
            case .warning: .warning
            case .info: .info
            case .debug: .debug
            }
        isJSON = settings.format == .json
    }

    static func logger(_ settings: GatewayConfiguration.Log) -> Logger {
        Logger(label: "byline-gateway") { _ in GatewayLog(settings) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let time = Timestamp.now().rfc3339(fractionDigits: 3)
        let line: String
        if isJSON {
            var members: [JSON.Member] = [
                .init("time", .string(time)), .init("level", .string(event.level.rawValue)),
                .init("message", .string("\(event.message)")),
            ]
            members += facts.map { .init($0.key, .string("\($0.value)")) }
            line = String(decoding: JSON.object(members).canonicalBytes, as: UTF8.self)
        } else {
            let tail = facts.map { " \($0.key)=\($0.value)" }.joined()
            line = "\(time) \(event.level.rawValue) \(event.message)\(tail)"
        }
        // A line break in a fact must not begin a line of its own.
        let bytes = line.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 } + [0x0A]
        bytes.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Logger {
    /// Says what becomes of the journal's segments.
    func upkeep(_ report: UpkeepReport) {
        switch report {
        case .sealed(let segment, let from, let to):
            info("segment sealed", metadata: ["segment": "\(segment)", "from": "\(from)", "to": "\(to)"])
        case .removed(let segment, let cause):
            warning("segment removed", metadata: ["segment": "\(segment)", "because": "\(cause.rawValue)"])
        case .failed(let fault):
            error("the journal's upkeep failed; it is tried again", metadata: ["fault": "\(fault)"])
        }
    }
}
