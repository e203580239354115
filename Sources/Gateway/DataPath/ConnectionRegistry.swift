/// The callers' connections and streams of one event loop, so that a stopping gateway can let them end, and a sweep can
/// find what has been silent for too long.
final class ConnectionRegistry {
    /// Names one registration.
    struct Token: Hashable {
        fileprivate let number: UInt64
    }

    private var handlers: [Token: ExchangeHandler] = [:]
    /// How each HTTP/2 connection is told to take no new stream.
    private var quiescing: [Token: () -> Void] = [:]
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
    func addHTTP2(_ quiesce: @escaping () -> Void) -> Token {
        next += 1
        let token = Token(number: next)
        quiescing[token] = quiesce
        return token
    }

    func removeHTTP2(_ token: Token) { quiescing[token] = nil }

    func drain() {
        for quiesce in Array(quiescing.values) { quiesce() }
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
    }
}
