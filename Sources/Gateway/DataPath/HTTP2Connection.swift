import LocalState
import NIOCore

/// Counts the open streams of one HTTP/2 connection, and closes it when it is unused, idle or old.
///
/// The connection manager of NIOHTTP2 begins its timers when a channel becomes active, which is before TLS has agreed on a
/// protocol; so the gateway looks itself.
final class HTTP2Connection {
    private let channel: any Channel
    private let openedAt = MonotonicClock.nanoseconds()
    private var quietSince = MonotonicClock.nanoseconds()
    private var openStreams = 0
    private var hasServed = false
    private var isQuiescing = false

    init(_ channel: any Channel) { self.channel = channel }

    func streamOpened() {
        openStreams += 1
        hasServed = true
    }

    func streamClosed() {
        openStreams -= 1
        quietSince = MonotonicClock.nanoseconds()
    }

    /// Tells the client to open no new stream: GOAWAY, and the streams that are under way go on.
    func quiesce() {
        isQuiescing = true
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    /// Closes the connection if no stream was opened on it in the time for a request's head, or none is for longer than it may
    /// be idle; tells the client to go when it is old.
    func sweep(now: UInt64, _ limits: GatewayConfiguration.Limits) {
        if !isQuiescing, now > openedAt + limits.connectionAge.nanoseconds { quiesce() }
        guard openStreams == 0 else { return }
        let patience = hasServed ? limits.idleTimeout : limits.requestHeaderTimeout
        guard now > quietSince + patience.nanoseconds else { return }
        if isQuiescing || !hasServed { return channel.close(promise: nil) }
        // The client reads GOAWAY before the end, so that it sends nothing into a closing connection.
        quiesce()
        quietSince = now
    }
}
