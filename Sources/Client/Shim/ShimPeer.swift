import ContextReading
import NIOCore
import NIOPosix
import Tagging
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The process at the other end of a connection to the shim.
struct ShimPeer: Sendable {
    /// True where it is known to be another user's; root can do anything anyway.
    let isStranger: Bool
    /// What is known of the process, at every moment; nil where it cannot be told which process it is.
    let context: (@Sendable () -> AgentContext)?

    private init(isStranger: Bool, context: (@Sendable () -> AgentContext)?) {
        self.isStranger = isStranger
        self.context = context
    }

    /// Finds it, on a thread where that may take its time: with many processes it does.
    ///
    /// - Parameters:
    ///   - channel: the connection.
    ///   - flags: fields that are known of every process.
    /// - Returns: the process, on the connection's event loop.
    static func find(of channel: any Channel, flags: [Byline.Field: String]) -> EventLoopFuture<ShimPeer> {
        guard let peer = channel.remoteAddress?.port, let local = channel.localAddress?.port else {
            return channel.eventLoop.makeSucceededFuture(ShimPeer(isStranger: false, context: nil))
        }
        return NIOThreadPool.singleton.runIfActive(eventLoop: channel.eventLoop) {
            ShimPeer(from: peer, to: local, flags: flags)
        }
    }

    private init(from peer: Int, to local: Int, flags: [Byline.Field: String]) {
        guard let socket = PeerSocket.find(from: peer, to: local) else {
            self.init(isStranger: false, context: nil)
            return
        }
        let isStranger = socket.uid != geteuid() && socket.uid != 0
        guard !isStranger, let pid = socket.process(), let variables = PeerSocket.variables(of: pid) else {
            self.init(isStranger: isStranger, context: nil)
            return
        }
        let live = LiveContext(
            ContextReader(variables: variables, flags: flags, ancestors: ProcessAncestry.ancestors(of: pid)))
        self.init(isStranger: false, context: { live.current })
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
