import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Bounds how many connections callers may hold, in total and from one address, so that nobody uses up the file descriptors of all.
final class ConnectionGate: Sendable {
    /// Descriptors that callers never get: journal, index, listeners, monitoring.
    private static let reserve = 64

    private struct State {
        var total = 0
        var byAddress: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let most: Int
    private let mostByAddress: Int

    /// - Parameters:
    ///   - most: connections at once; nil for as many as the descriptors allow, one for the caller and one for the cluster each.
    ///   - mostByAddress: of them from one address; nil for three quarters.
    init(most: Int?, mostByAddress: Int?) {
        let possible = max(16, (Self.descriptors() - Self.reserve) / 2)
        self.most = min(most ?? possible, possible)
        self.mostByAddress = min(mostByAddress ?? max(8, self.most / 4 * 3), self.most)
    }

    /// Counts a new connection; false if it exceeds a cap and must be closed.
    func enter(_ address: String) -> Bool {
        state.withLock { state in
            let own = state.byAddress[address, default: 0]
            guard state.total < most, own < mostByAddress else { return false }
            state.total += 1
            state.byAddress[address] = own + 1
            return true
        }
    }

    func leave(_ address: String) {
        state.withLock { state in
            state.total -= 1
            guard let own = state.byAddress[address], own > 1 else {
                state.byAddress[address] = nil
                return
            }
            state.byAddress[address] = own - 1
        }
    }

    /// How many files this process may have open, once it has asked for as many as it may.
    private static func descriptors() -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var more = limit
            more.rlim_cur = min(limit.rlim_max, 1 << 20)
            if setrlimit(resource, &more) == 0 { limit = more }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
