/// What is claimed about a request's author. Each field is asserted by the client or attested by a key that the gateway
/// trusts; a field nobody claimed is absent, never guessed.
public struct Byline: Hashable, Sendable {
    /// One field of a byline. The raw value is its name in baggage, in attestations, in session tokens and in the record.
    /// They stand here as people ask for them.
    public enum Field: String, CaseIterable, Hashable, Sendable {
        case model = "gen_ai.request.model"
        case provider = "gen_ai.provider.name"
        case promptID = "prompt.id"
        case promptDigest = "byline.prompt.digest"
        case conversation = "gen_ai.conversation.id"
        case agentName = "gen_ai.agent.name"
        case agentVersion = "gen_ai.agent.version"
        case agentID = "gen_ai.agent.id"
        case toolCall = "gen_ai.tool.call.id"
        case pipelineRun = "cicd.pipeline.run.id"

        /// All fields in the order of their names.
        public static let inOrder: [Field] = allCases.sorted { $0.rawValue < $1.rawValue }

        /// The name that people write in rules and questions.
        public var shortName: String {
            switch self {
            case .pipelineRun: "pipeline.run"
            case .promptDigest: "prompt.digest"
            case .agentID: "agent.id"
            case .agentName: "agent"
            case .agentVersion: "agent.version"
            case .conversation: "conversation"
            case .provider: "provider"
            case .model: "model"
            case .toolCall: "tool.call"
            case .promptID: "prompt.id"
            }
        }

        /// Reads a short name, or the name on the wire.
        public init?(named name: String) {
            guard let field = Self(rawValue: name) ?? Self.allCases.first(where: { $0.shortName == name }) else {
                return nil
            }
            self = field
        }
    }

    /// How far a field can be believed.
    public enum Trust: String, Hashable, Sendable {
        /// The client said so.
        case asserted
        /// A key that the gateway trusts signed it.
        case attested
    }

    /// One field's value and its trust.
    public struct Claim: Hashable, Sendable {
        public let value: String
        public let trust: Trust

        public init(_ value: String, _ trust: Trust) {
            self.value = value
            self.trust = trust
        }
    }

    private var claims: [Field: Claim] = [:]

    public init() {}

    /// A byline whose fields are all of one trust.
    public init(_ values: [Field: String], trust: Trust) {
        claims = values.mapValues { Claim($0, trust) }
    }

    public subscript(field: Field) -> Claim? {
        get { claims[field] }
        set { claims[field] = newValue }
    }

    public var isEmpty: Bool { claims.isEmpty }

    /// The claimed fields in the order of their names, which is also canonical JSON's.
    public var fields: [(field: Field, claim: Claim)] {
        guard !claims.isEmpty else { return [] }
        return Field.inOrder.compactMap { field in claims[field].map { (field, $0) } }
    }

    /// This byline with the fields of `other` laid over it, field by field.
    public func overlaid(with other: Byline) -> Byline {
        var result = self
        result.claims.merge(other.claims) { _, new in new }
        return result
    }
}
