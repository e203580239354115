public import Tagging
public import Vocabulary

/// Where a field was learned, as a person reads it.
extension ContextSource {
    public var sentence: String {
        switch self {
        case .flag: "option"
        case .setInRun: "byline context set, in this run"
        case .runFlag: "option of this run"
        case .variable(let name), .tracing(let name), .tool(let name), .pipeline(let name): "$\(name)"
        case .hook(let tool): "hook of \(tool)"
        case .setForPerson: "byline context set"
        }
    }
}

extension AgentContext.Fault {
    /// What cannot be used and why, without a full stop.
    public var sentence: String {
        let what = source.sentence
        switch reason {
        case .baggage(.tooLong(let limit)): return "\(what) is longer than \(limit) bytes"
        case .baggage(.invalidValue(let field)):
            return "\(field.shortName) in \(what) holds control characters, or is no percent-encoded text"
        case .baggage(.valueTooLong(let field, let limit)):
            return "\(field.shortName) in \(what) is longer than \(limit) bytes"
        case .baggage(.contradiction(let field)): return "\(what) names two values for \(field.shortName)"
        case .invalid(let field):
            return "\(field.shortName) (\(what)) holds control characters, or is longer than"
                + " \(Baggage.maximumValueLength) bytes"
        case .invalidTraceparent: return "\(what) is no W3C traceparent"
        case .unreadable(let cause): return cause
        case .severalTools(let names):
            return
                "\(names.joined(separator: " and ")) both left their marks, and it cannot be told which one runs this;"
                + " say it with --agent or BYLINE_AGENT"
        }
    }
}

extension AgentContext {
    /// The context as `byline context` gives it to a program.
    public var json: JSON {
        let fields = Byline.Field.inOrder.compactMap { field in
            self.fields[field].map { Self.json(field.shortName, field.rawValue, $0) }
        }
        var members: [JSON.Member] = [
            .init("faults", .strings(faults.map(\.sentence))), .init("fields", .array(fields)),
        ]
        if let traceparent {
            members.append(.init("trace", Self.json(Traceparent.headerName, Traceparent.headerName, traceparent)))
        }
        return .object(members)
    }

    private static func json(_ field: String, _ name: String, _ learned: Learned) -> JSON {
        var source: [JSON.Member] = [.init("kind", .string(learned.source.kind))]
        if let name = learned.source.name { source.append(.init("name", .string(name))) }
        return [
            "field": .string(field), "name": .string(name), "source": .object(source), "value": .string(learned.value),
        ]
    }

    /// The context as `byline context` shows it to a person: every field, also what nobody said.
    public var table: String {
        var rows = Byline.Field.allCases.map { field in
            (field.shortName, fields[field]?.value ?? "-", fields[field]?.source.sentence ?? "nobody said")
        }
        if let traceparent { rows.append((Traceparent.headerName, traceparent.value, traceparent.source.sentence)) }
        rows.insert(("FIELD", "VALUE", "FROM"), at: 0)
        let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count) + 3)
        }
        return rows.map { padded($0.0, widths.0) + padded($0.1, widths.1) + $0.2 + "\n" }.joined()
    }
}
