import ContextReading
import NIOCore
import Tagging

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

    init(of channel: any Channel) {
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
            ContextReader(variables: variables, ancestors: ProcessAncestry.ancestors(of: pid)))
        context = { live.current }
    }
}
