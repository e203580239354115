import Authorization
import Forwarding
import KubernetesWire
import LocalState
import Masking
import Synchronization
import Vocabulary

/// Knows which fields of custom resources are passwords, by what each cluster's own CustomResourceDefinitions say. One is
/// asked for with the gateway's credential before the first exchange with its resource, again when what it said is a while
/// old, and before each watch, which goes on with what is known at its beginning: an API server ends the watches of a resource
/// whose definition changes.
final class CustomResources: Sendable {
    /// Why it is not known which fields of a resource are secret.
    struct Fault: Error {
        /// The definition's name, such as `widgets.example.com`.
        let definition: String
        let cause: String
    }

    private struct Key: Hashable {
        let cluster: ClusterName
        let definition: String
    }

    private enum Knowledge {
        case asking(Task<Result<CustomResourceSchema, Fault>, Never>)
        case told(Result<CustomResourceSchema, Fault>, at: UInt64)

        var isOfUse: Bool {
            switch self {
            case .asking: true
            case .told(.success(let schema), _): !schema.passwordFields.isEmpty
            case .told(.failure, _): false
            }
        }
    }

    /// How long a definition is believed, and how long a failure stands, in nanoseconds.
    private static let (believed, failing): (UInt64, UInt64) = (10_000_000_000, 1_000_000_000)
    /// Requests name what they like, also what no cluster has.
    private static let limit = 1_000
    /// A definition's bytes: the API server takes no more than 3 MiB in a request.
    private static let longest = 4 << 20
    /// The groups of an API server's own resources, which no definition describes.
    private static let ownGroups: Set<String> = [
        "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
        "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
        "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions", "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
        "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
    ]

    private let knowledge: Mutex<[Key: Knowledge]> = Mutex([:])
    private let onForbidden: (@Sendable (String) -> Void)?

    /// - Parameter onForbidden: told the name of a definition that the gateway's credential may not get, whose resource is then
    ///   served with what else masks it; nil to refuse it.
    init(onForbidden: (@Sendable (String) -> Void)? = nil) { self.onForbidden = onForbidden }

    /// The name of the definition that a request's resource would have; nil where it can have none.
    static func definition(of request: RequestInfo) -> String? {
        guard request.isResourceRequest, !ownGroups.contains(request.apiGroup) else { return nil }
        // Neither a group nor a resource has anything else than small letters, digits, dashes and dots.
        let name = "\(request.resource).\(request.apiGroup)"
        let isName = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "-.".utf8.contains(byte)
        }
        return isName && name.utf8.count <= 253 ? name : nil
    }

    /// What was told of a request's resource; nil where it must be asked for.
    func known(_ definition: String, for request: AccessRequest) -> Result<CustomResourceSchema, Fault>? {
        knowledge.withLock { knowledge in
            let key = Key(cluster: request.cluster, definition: definition)
            guard case .told(let result, let since) = knowledge[key] else { return nil }
            let age = MonotonicClock.nanoseconds() - since
            switch result {
            case .success: return age < Self.believed && request.requestInfo.verb != "watch" ? result : nil
            case .failure: return age < Self.failing ? result : nil
            }
        }
    }

    /// Asks a cluster for a definition, once for all who ask at the same time.
    func ask(_ definition: String, of upstream: Upstream) async throws(Fault) -> CustomResourceSchema {
        let key = Key(cluster: upstream.cluster, definition: definition)
        let task = knowledge.withLock { knowledge in
            if case .asking(let task) = knowledge[key] { return task }
            if knowledge.count >= Self.limit { knowledge = knowledge.filter { $0.value.isOfUse } }
            let task = Task { await self.read(definition, upstream) }
            knowledge[key] = .asking(task)
            return task
        }
        let result = await task.value
        knowledge.withLock { knowledge in
            guard case .asking(task) = knowledge[key] else { return }
            knowledge[key] = .told(result, at: MonotonicClock.nanoseconds())
        }
        return try result.get()
    }

    private func read(_ definition: String, _ upstream: Upstream) async -> Result<CustomResourceSchema, Fault> {
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/\(definition)"
        let answer: ProbeAnswer
        do throws(UpstreamFault) { answer = try await upstream.probe(path, limit: Self.longest) } catch {
            return .failure(Fault(definition: definition, cause: Refusal.sentence(error)))
        }
        if answer.status == 401 { upstream.credentialRefused() }
        if answer.status == 403, let onForbidden {
            onForbidden(definition)
            return .success(Self.nothing)
        }
        return Self.judge(answer, to: definition)
    }

    private static let nothing = CustomResourceSchema(apiGroup: "", resource: "")

    /// What an API server's answer says. It is believed where it is the definition that was asked for, or says that there is
    /// none, as of what an aggregated API server serves.
    static func judge(_ answer: ProbeAnswer, to definition: String) -> Result<CustomResourceSchema, Fault> {
        let cause: String
        switch answer.status {
        case 200:
            let schemas = answer.isWhole ? (try? CustomResourceDefinitions.read(answer.body)) ?? [] : []
            if schemas.count == 1, "\(schemas[0].resource).\(schemas[0].apiGroup)" == definition {
                return .success(schemas[0])
            }
            cause = "the API server's answer is not this definition"
        case 404:
            let status = try? JSON(parsing: answer.body)
            if status?["reason"] == "NotFound", status?["details"]?["name"]?.string == definition {
                return .success(nothing)
            }
            cause = "the API server does not serve apiextensions.k8s.io/v1"
        case 401: cause = "the cluster refuses the gateway's credential (HTTP 401)"
        case 403: cause = "the gateway's credential may not get it (HTTP 403)"
        default: cause = "the API server answers with HTTP \(answer.status)"
        }
        return .failure(Fault(definition: definition, cause: cause))
    }
}
