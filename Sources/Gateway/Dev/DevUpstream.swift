import Forwarding
import KubernetesWire
import LocalState
import NIOCore
import NIOHTTP1
import NIOPosix
import Vocabulary

/// The one cluster of a development gateway, read from a kubeconfig.
struct DevUpstream {
    let cluster: ClusterName
    let upstream: Upstream

    static func read(_ configuration: DevConfiguration) throws(DevFault) -> DevUpstream {
        var kubeconfig = Kubeconfig()
        var found = false
        for file in configuration.kubeconfigFiles {
            let bytes: [UInt8]
            do throws(FileFault) { bytes = try PrivateFile.readShared(file) } catch {
                if error.isMissing { continue }
                throw .state(error)
            }
            found = true
            do throws(KubeconfigFault) { try kubeconfig.add(bytes, file: file) } catch { throw .kubeconfig(error) }
        }
        guard found else { throw .noKubeconfig(looked: configuration.kubeconfigFiles) }
        let facts: KubeconfigUpstream
        do throws(KubeconfigFault) { facts = try kubeconfig.upstream(context: configuration.context) } catch {
            throw .kubeconfig(error)
        }
        let wanted = configuration.cluster ?? name(ofContext: facts.context)
        guard let cluster = ClusterName(wanted) else { throw .badClusterName(wanted) }
        do throws(UpstreamFault) {
            return DevUpstream(
                cluster: cluster, upstream: try Upstream(cluster: cluster, facts, impersonatesCaller: false))
        } catch {
            throw .upstream(error)
        }
    }

    /// A context's name made fit for a URL: `arn:aws:eks:…/prod` becomes `arn-aws-eks-prod`.
    private static func name(ofContext context: String) -> String {
        let spelled = context.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let parts = String(spelled).split(separator: "-")
        return String(parts.joined(separator: "-").prefix(63))
    }

    /// Asks the API server for its version, so that a wrong address or credential is told now and not at the first use.
    func checkReachable() async throws(DevFault) {
        let status: Int
        do throws(UpstreamFault) {
            try await upstream.prepare()
            status = try await upstream.probe("/version").status
        } catch { throw .upstream(error) }
        if status == 401 { throw .refusedByCluster(address: upstream.address.authority, status: status) }
    }
}
