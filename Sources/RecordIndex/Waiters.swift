import Dispatch
import Synchronization

/// Tasks that wait to be woken, each no longer than its patience.
final class Waiters: Sendable {
    private struct State {
        var continuations: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
    }

    private let state: Mutex<State> = Mutex(State())

    /// Waits until it is woken by its number or with all, for as long as the patience lasts and the task is not cancelled.
    /// `registered` is called with the number when it can be woken.
    func wait(_ patience: Duration, registered: (UInt64) -> Void) async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.continuations[id] = continuation }
                let (seconds, attoseconds) = patience.components
                let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
                DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [weak self] in
                    self?.wake(id)
                }
                registered(id)
                if Task.isCancelled { wake(id) }
            }
        } onCancel: {
            wake(id)
        }
    }

    var isEmpty: Bool { state.withLock { $0.continuations.isEmpty } }

    func wake(_ id: UInt64) { state.withLock { $0.continuations.removeValue(forKey: id) }?.resume() }

    func wakeAll() {
        let all = state.withLock { state in
            defer { state.continuations = [:] }
            return state.continuations
        }
        for continuation in all.values { continuation.resume() }
    }
}
