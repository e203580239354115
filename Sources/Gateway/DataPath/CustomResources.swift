import Forwarding
import KubernetesWire
import LocalState
import Masking
import Synchronization
import Vocabulary

/// Knows which fields of custom resources are passwords, by what each cluster's own CustomResourceDefinitions say. One is
/// asked for with the gateway's credential before the first exchange with its resource, and again when what it said is a
/// minute old. A resource that has none, of an aggregated API server, has no such fields.
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
        case asking(Task<Result<[FieldPath], Fault>, Never>)
        case known([FieldPath], at: UInt64)
    }

    /// How long a definition is believed, in nanoseconds.
    private static let believed: UInt64 = 60_000_000_000
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

    /// The name of the definition that a request's resource would have; nil where it can have none.
    static func definition(of request: RequestInfo) -> String? {
        guard request.isResourceRequest, !ownGroups.contains(request.apiGroup) else { return nil }
        // A group has a dot, and neither a group nor a resource has anything else that is no letter, digit or dash.
        let name = "\(request.resource).\(request.apiGroup)"
        let isName = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-.".utf8.contains($0)
        }
        return isName && name.utf8.count <= 253 ? name : nil
    }

    /// The fields of a definition; nil where they must be asked for.
    func known(_ definition: String, in cluster: ClusterName) -> [FieldPath]? {
        knowledge.withLock { knowledge in
            guard case .known(let fields, let since) = knowledge[Key(cluster: cluster, definition: definition)],
                MonotonicClock.nanoseconds() - since < Self.believed
            else { return nil }
            return fields
        }
    }

    /// Asks a cluster for the fields of a definition, once for all who ask at the same time.
    func ask(_ definition: String, of upstream: Upstream) async throws(Fault) -> [FieldPath] {
        let key = Key(cluster: upstream.cluster, definition: definition)
        let task = knowledge.withLock { knowledge in
            if case .asking(let task) = knowledge[key] { return task }
            if knowledge.count >= Self.limit { knowledge.removeAll() }
            let task = Task { await Self.read(definition, upstream) }
            knowledge[key] = .asking(task)
            return task
        }
        let result = await task.value
        knowledge.withLock { knowledge in
            guard case .asking(task) = knowledge[key] else { return }
            knowledge[key] = (try? result.get()).map { .known($0, at: MonotonicClock.nanoseconds()) }
        }
        return try result.get()
    }

    private static func read(_ definition: String, _ upstream: Upstream) async -> Result<[FieldPath], Fault> {
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/\(definition)"
        let cause: String
        do throws(UpstreamFault) {
            let answer = try await upstream.probe(path, limit: longest)
            switch answer.status {
            case 200:
                guard answer.isWhole, let fields = try? PasswordFields.read(answer.body) else {
                    cause = "the API server's answer is not a definition that can be read"
                    break
                }
                return .success(fields.map(\.path))
            case 404: return .success([])
            case 401, 403: cause = "the gateway's credential may not get it (HTTP \(answer.status))"
            default: cause = "the API server answers with HTTP \(answer.status)"
            }
        } catch { cause = Refusal.sentence(error) }
        return .failure(Fault(definition: definition, cause: cause))
    }
}
