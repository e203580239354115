/// The callers' connections and streams of one event loop, so that a stopping gateway can let them end, and a sweep can
/// find what has been silent for too long.
final class ConnectionRegistry {
    /// Names one registration.
    struct Token: Hashable {
        fileprivate let number: UInt64
    }

    private var handlers: [Token: ExchangeHandler] = [:]
    private var http2: [Token: HTTP2Connection] = [:]
    private var next: UInt64 = 0

    func add(_ handler: ExchangeHandler) -> Token {
        next += 1
        let token = Token(number: next)
        handlers[token] = handler
        return token
    }

    func remove(_ token: Token) { handlers[token] = nil }

    var count: Int { handlers.count }

    var busyCount: Int { handlers.values.count { $0.isBusy } }

    var watchCount: Int { handlers.values.count { $0.isWatching } }

    /// Takes up an HTTP/2 connection; its streams are taken up each for itself.
    func add(_ connection: HTTP2Connection) -> Token {
        next += 1
        let token = Token(number: next)
        http2[token] = connection
        return token
    }

    func removeHTTP2(_ token: Token) { http2[token] = nil }

    func drain() {
        for connection in Array(http2.values) { connection.quiesce() }
        for handler in Array(handlers.values) { handler.drain() }
    }

    func endWatches() {
        for handler in Array(handlers.values) { handler.endWatch() }
    }

    func cutAll() {
        for handler in Array(handlers.values) { handler.cut() }
    }

    func sweep(now: UInt64, _ limits: GatewayConfiguration.Limits) {
        for handler in Array(handlers.values) { handler.sweep(now: now, limits) }
        for connection in Array(http2.values) { connection.sweep(now: now, limits) }
    }
}
