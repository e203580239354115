import Authentication
import NIOHTTP1
import Vocabulary

/// Tells an API server for whom the gateway speaks (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation).
enum Impersonation {
    /// The domain of the extra attributes that name the author.
    private static let extraPrefix = "Impersonate-Extra-byline.dev%2F"

    /// Adds who calls, one line for each group, since a group's name may hold a comma, and what their byline says.
    static func add(_ caller: Authenticated, to headers: inout HTTPHeaders) {
        let identity = caller.identity
        headers.add(name: "Impersonate-User", value: identity.username)
        if let uid = identity.uid { headers.add(name: "Impersonate-Uid", value: uid) }
        for group in identity.groups { headers.add(name: "Impersonate-Group", value: group) }
        for (key, values) in identity.extra {
            let name = "Impersonate-Extra-" + key.split(separator: "/", maxSplits: 1).joined(separator: "%2F")
            for value in values { headers.add(name: name, value: value) }
        }
        headers.add(name: extraPrefix + "session-id", value: caller.session.description)
        for (field, claim) in caller.byline.fields {
            headers.add(name: extraPrefix + name(of: field), value: claim.value)
        }
        let attested = caller.byline.fields.filter { $0.claim.trust == .attested }
        for (field, _) in attested { headers.add(name: extraPrefix + "attested", value: name(of: field)) }
    }

    private static func name(of field: Byline.Field) -> String {
        switch field {
        case .pipelineRun: "pipeline-run"
        case .promptDigest: "prompt-digest"
        case .agentID: "agent-id"
        case .agentName: "agent"
        case .agentVersion: "agent-version"
        case .conversation: "conversation-id"
        case .provider: "provider"
        case .model: "model"
        case .toolCall: "tool-call-id"
        case .promptID: "prompt-id"
        }
    }
}
