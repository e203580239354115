/// The callers' connections and streams of one event loop, so that a stopping gateway can let them end.
final class ConnectionRegistry {
    /// Names one registration.
    struct Token: Hashable {
        fileprivate let number: UInt64
    }

    private var handlers: [Token: ExchangeHandler] = [:]
    private var next: UInt64 = 0

    func add(_ handler: ExchangeHandler) -> Token {
        next += 1
        let token = Token(number: next)
        handlers[token] = handler
        return token
    }

    func remove(_ token: Token) { handlers[token] = nil }

    var busyCount: Int { handlers.values.count { $0.isBusy } }

    func drain() {
        for handler in Array(handlers.values) { handler.drain() }
    }

    func cutAll() {
        for handler in Array(handlers.values) { handler.cut() }
    }
}
