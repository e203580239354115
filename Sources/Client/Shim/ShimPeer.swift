import ContextReading
import NIOCore
import Tagging
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The process at the other end of a connection to the shim.
struct ShimPeer {
    /// True where it is known to be another user's; root can do anything anyway.
    let isStranger: Bool
    /// What is known of the process, at every moment; nil where it cannot be told which process it is.
    let context: (@Sendable () -> AgentContext)?

    /// Finds it; `flags` are fields that are known of every process.
    init(of channel: any Channel, flags: [Byline.Field: String]) {
        guard let peer = channel.remoteAddress?.port, let local = channel.localAddress?.port,
            let socket = PeerSocket.find(from: peer, to: local)
        else {
            isStranger = false
            context = nil
            return
        }
        isStranger = socket.uid != geteuid() && socket.uid != 0
        guard !isStranger, let pid = socket.process(), let variables = PeerSocket.variables(of: pid) else {
            context = nil
            return
        }
        let live = LiveContext(
            ContextReader(variables: variables, flags: flags, ancestors: ProcessAncestry.ancestors(of: pid)))
        context = { live.current }
    }
    /// What is known of the process; of one that nothing is known of, `own`: whoever has the shim's kubeconfig speaks in its
    /// name.
    func context(or own: @escaping @Sendable () -> AgentContext) -> @Sendable () -> AgentContext {
        guard let context else { return own }
        return {
            let known = context()
            return known.fields.isEmpty ? own() : known
        }
    }
}
