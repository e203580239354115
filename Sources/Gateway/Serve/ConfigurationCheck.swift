import Authorization
public import LocalState
import Masking
public import Vocabulary

/// What `byline-gateway check` does: everything that `serve` would refuse, told at once, with nothing begun.
public struct ConfigurationCheck: Sendable {
    private let configuration: GatewayConfiguration

    /// Reads the configuration and every file that it names.
    ///
    /// - Parameter file: the configuration.
    /// - Throws: all that is wrong.
    public init(_ file: String) async throws(ConfigurationFaults) {
        configuration = try GatewayConfiguration.read(file)
        _ = try await ConfiguredFiles.read(configuration)
    }

    /// What it holds, in a sentence.
    public var summary: String {
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        return [
            count(configuration.issuers.count, "issuer"), count(configuration.clusters.count, "cluster"),
            count(configuration.policy.rules.count, "rule"),
        ].joined(separator: ", ")
    }

    /// What the masking rules would take for a secret in a file.
    ///
    /// - Parameter path: manifests in YAML or JSON, or any other text.
    /// - Returns: each place, with its rule.
    /// - Throws: why the file cannot be read.
    public func masks(in path: String) throws(FileFault) -> MaskCheck { try MaskCheck(path, configuration.masking) }

    /// Which rule decides a question, and why those before it do not.
    ///
    /// - Parameter text: `user=… groups=… model=… : delete namespaces prod`.
    /// - Returns: the answer.
    /// - Throws: `PolicyQuestion.Fault` where the text cannot be read.
    public func answer(_ text: String) throws(PolicyQuestion.Fault) -> PolicyAnswer {
        let question = try PolicyQuestion(
            text, clusters: configuration.clusters.map(\.name.value), connecting: configuration.masking.connecting)
        return PolicyAnswer(configuration.policy.trace(question.question))
    }
}

extension ConfigurationFaults: Advised {
    public var advice: Advice { ServeFault.configuration(self).advice }
}

/// How the rules answer a question.
public struct PolicyAnswer: Sendable {
    public let isAllowed: Bool
    /// The rule that decides; `no-match` where none does.
    public let rule: String
    /// Each rule that was asked before, and why it does not match.
    public let passedOver: [(rule: String, because: String)]

    init(_ trace: Policy.Trace) {
        isAllowed = trace.decided?.effect == .allow
        rule = trace.decided?.rule ?? Policy.noMatch
        passedOver = trace.misses.map { ($0.rule, Self.sentence($0.miss)) }
    }

    public var json: JSON {
        [
            "allowed": .bool(isAllowed),
            "passedOver": .array(passedOver.map { ["because": .string($0.because), "rule": .string($0.rule)] }),
            "rule": .string(rule),
        ]
    }

    private static func sentence(_ miss: Rule.Miss) -> String {
        switch miss {
        case .subjects: "it is for other users, groups or issuers"
        case .clusters: "it is for other clusters"
        case .verbs: "it is for other verbs"
        case .apiGroups: "it is for other API groups"
        case .resources: "it is for other resources"
        case .namespaces: "it is for other namespaces"
        case .names: "it is for other names"
        case .nonResourceURLs: "it is for other paths"
        case .byline(let needs): "it needs \(needs.sentence)"
        }
    }
}
