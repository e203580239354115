import CurlTransport
import LocalState
import Vocabulary

/// How far this machine's clock is from another's, where it is so far that tokens are refused for it: "10 min ahead of".
public struct ClockDifference: Sendable, CustomStringConvertible {
    /// Clocks that differ by no more seconds than that do no harm.
    private static let tolerance: Int64 = 30

    private let ahead: Int64

    /// Nil where the clocks agree. `theirs` is in seconds since 1970.
    init?(with theirs: Int64) {
        ahead = Timestamp.now().seconds - theirs
        guard abs(ahead) > Self.tolerance else { return nil }
    }

    /// By the time that an answer names; nil also where it names none.
    init?(_ head: TransportHead) {
        guard let theirs = head.date else { return nil }
        self.init(with: theirs)
    }

    /// What stands before "the gateway's", as in "10 min ahead of".
    public var description: String {
        let seconds = abs(ahead)
        let amount = seconds < 120 ? "\(seconds) s" : "\((seconds + 30) / 60) min"
        return "\(amount) \(ahead > 0 ? "ahead of" : "behind")"
    }
}
