import Recording
import Vocabulary

/// What one event loop has counted. Loops count each for themselves; a scrape adds them up.
struct ExchangeMetrics: Sendable {
    /// The upper bounds of the durations' buckets, in seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    struct Durations: Sendable {
        var buckets = [UInt64](repeating: 0, count: ExchangeMetrics.bounds.count + 1)
        var sum = 0.0

        mutating func add(_ seconds: Double) {
            let index = ExchangeMetrics.bounds.firstIndex { seconds <= $0 } ?? ExchangeMetrics.bounds.count
            buckets[index] += 1
            sum += seconds
        }
    }

    struct DurationKey: Hashable, Sendable {
        let cluster: ClusterName
        let verb: ExchangeLabels.Verb
    }

    struct BytesKey: Hashable, Sendable {
        let cluster: ClusterName
        let direction: Direction
    }

    private(set) var exchanges: [ExchangeLabels: UInt64] = [:]
    /// Of exchanges that end by themselves; how long a watch lasts says nothing.
    private(set) var durations: [DurationKey: Durations] = [:]
    private(set) var bytes: [BytesKey: UInt64] = [:]
    /// Requests refused before anybody was proven to stand behind them, by cause.
    private(set) var refusals: [String: UInt64] = [:]

    mutating func count(_ labels: ExchangeLabels) { exchanges[labels, default: 0] += 1 }

    mutating func time(_ labels: ExchangeLabels, nanoseconds: UInt64) {
        durations[DurationKey(cluster: labels.cluster, verb: labels.verb), default: Durations()]
            .add(Double(nanoseconds) / 1e9)
    }

    mutating func add(bytes count: UInt64, _ direction: Direction, _ cluster: ClusterName) {
        bytes[BytesKey(cluster: cluster, direction: direction), default: 0] += count
    }

    mutating func refuse(_ cause: String) { refusals[cause, default: 0] += 1 }

    /// Adds up what another loop has counted.
    mutating func add(_ other: ExchangeMetrics) {
        exchanges.merge(other.exchanges, uniquingKeysWith: +)
        bytes.merge(other.bytes, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
        durations.merge(other.durations) { first, second in
            var sum = first
            for index in sum.buckets.indices { sum.buckets[index] += second.buckets[index] }
            sum.sum += second.sum
            return sum
        }
    }
}
