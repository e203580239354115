import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The process that signals are passed on to, once it is there; one that came before is not lost.
final class SignalTarget: Sendable {
    private struct State {
        var pid: pid_t?
        var early: [Int32] = []
    }

    private let state: Mutex<State> = Mutex(State())

    func set(_ pid: pid_t) {
        let early = state.withLock { state in
            state.pid = pid
            return state.early
        }
        for number in early { kill(pid, number) }
    }

    func send(_ number: Int32) {
        let pid = state.withLock { state in
            if state.pid == nil { state.early.append(number) }
            return state.pid
        }
        if let pid { kill(pid, number) }
    }
}
