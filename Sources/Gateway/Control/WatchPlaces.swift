import Synchronization
import Vocabulary

/// How many watches of the record each auditor has open: each of them holds a connection and follows the index.
final class WatchPlaces: Sendable {
    /// The most of one auditor.
    static let limit = 16

    private struct Auditor: Hashable {
        let issuer: String
        let username: String
    }

    /// One watch's place, given back when nobody holds it any more.
    final class Place: Sendable {
        private let giveBack: @Sendable () -> Void

        fileprivate init(giveBack: @escaping @Sendable () -> Void) { self.giveBack = giveBack }

        deinit { giveBack() }
    }

    private let taken: Mutex<[Auditor: Int]> = Mutex([:])

    /// Takes a place; nil where the auditor has as many as one may.
    func take(_ identity: Identity) -> Place? {
        let auditor = Auditor(issuer: identity.issuer, username: identity.username)
        let isFree = taken.withLock { taken in
            guard taken[auditor, default: 0] < Self.limit else { return false }
            taken[auditor, default: 0] += 1
            return true
        }
        guard isFree else { return nil }
        return Place { self.giveBack(auditor) }
    }

    private func giveBack(_ auditor: Auditor) {
        taken.withLock { taken in
            let left = taken[auditor, default: 1] - 1
            taken[auditor] = left > 0 ? left : nil
        }
    }
}
