public import Vocabulary

/// What `byline doctor` found out about one thing on the way from a command to the cluster.
public struct Check: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case ok
        /// Not in use, or not to be told; nothing has to be done.
        case note
        case fault
    }

    public let name: String
    public let state: State
    public let detail: String
    /// What to do about a fault.
    public let hint: String?

    init(_ name: String, _ state: State, _ detail: String, hint: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.hint = hint
    }

    static func ok(_ name: String, _ detail: String) -> Check { Check(name, .ok, detail) }
    static func note(_ name: String, _ detail: String, hint: String? = nil) -> Check {
        Check(name, .note, detail, hint: hint)
    }
    static func fault(_ name: String, _ detail: String, hint: String) -> Check {
        Check(name, .fault, detail, hint: hint)
    }

    static func fault(_ name: String, _ fault: ClientFault) -> Check {
        let advice = fault.advice
        return .fault(name, advice.failure, hint: advice.hint)
    }

    public var json: JSON {
        var members: [JSON.Member] = [.init("detail", .string(detail))]
        if let hint { members.append(.init("hint", .string(hint))) }
        return .object(members + [.init("name", .string(name)), .init("state", .string(state.rawValue))])
    }
}
