import Recording
import Vocabulary

/// `/metrics` in OpenMetrics' text format (https://prometheus.io/docs/specs/om/open_metrics_spec/).
struct MetricsPage {
    static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private var text = ""

    /// Writes the whole page.
    static func write(
        _ metrics: ExchangeMetrics, open: OpenCounts, readiness: Readiness.Report, recorderBacklog: Int, version: String
    ) -> String {
        var page = MetricsPage()
        page.family("byline_build", "info", "The gateway's version.")
        page.sample("byline_build_info", [("version", version)], "1")
        page.exchanges(metrics)
        page.open(open)
        page.health(readiness, recorderBacklog)
        page.text += "# EOF\n"
        return page.text
    }

    private mutating func exchanges(_ metrics: ExchangeMetrics) {
        family("byline_exchanges", "counter", "Exchanges that ended, by what was asked and how it was answered.")
        let exchanges = metrics.exchanges.map { labels, count in
            (
                [
                    ("cluster", labels.cluster.description), ("verb", labels.verb.rawValue),
                    ("resource", labels.resource),
                    ("code", String(labels.code)), ("decision", labels.verdict.rawValue),
                ], count
            )
        }
        for (labels, count) in exchanges.sorted(by: { Self.text($0.0) < Self.text($1.0) }) {
            sample("byline_exchanges_total", labels, String(count))
        }
        family("byline_exchange_duration_seconds", "histogram", "How long exchanges took, streams left out.")
        for (key, durations) in metrics.durations.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            let labels = [("cluster", key.cluster.description), ("verb", key.verb.rawValue)]
            var count: UInt64 = 0
            for (index, bucket) in durations.buckets.enumerated() {
                count += bucket
                let bound = index < ExchangeMetrics.bounds.count ? "\(ExchangeMetrics.bounds[index])" : "+Inf"
                sample("byline_exchange_duration_seconds_bucket", labels + [("le", bound)], String(count))
            }
            sample("byline_exchange_duration_seconds_sum", labels, "\(durations.sum)")
            sample("byline_exchange_duration_seconds_count", labels, String(count))
        }
        family("byline_body_bytes", "counter", "Bytes of bodies and streams that passed.")
        for (key, count) in metrics.bytes.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            let labels = [("cluster", key.cluster.description), ("direction", "\(key.direction)")]
            sample("byline_body_bytes_total", labels, String(count))
        }
        family("byline_refusals", "counter", "Requests refused before an exchange began, by cause.")
        for (cause, count) in metrics.refusals.sorted(by: { $0.key < $1.key }) {
            sample("byline_refusals_total", [("cause", cause)], String(count))
        }
    }

    private mutating func open(_ open: OpenCounts) {
        family("byline_open_connections", "gauge", "Callers' connections, an HTTP/2 stream counting as one.")
        sample("byline_open_connections", [], String(open.connections))
        family("byline_open_exchanges", "gauge", "Exchanges under way, upgraded connections left out.")
        sample("byline_open_exchanges", [], String(open.exchanges))
        family("byline_open_tunnels", "gauge", "Upgraded connections: exec, attach, port-forward.")
        sample("byline_open_tunnels", [], String(open.tunnels))
    }

    private mutating func health(_ readiness: Readiness.Report, _ backlog: Int) {
        family("byline_recorder_backlog_bytes", "gauge", "Bytes handed to the recorder and not yet on disk.")
        sample("byline_recorder_backlog_bytes", [], String(backlog))
        family("byline_ready", "gauge", "1 where a part is fit for use, by part.")
        for part in readiness.parts {
            sample("byline_ready", [("part", part.kind), ("name", part.name)], part.failure == nil ? "1" : "0")
        }
    }

    // MARK: the format

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# TYPE \(name) \(type)\n# HELP \(name) \(help)\n"
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(Self.text(labels))} \(value)\n"
    }

    private static func text(_ labels: [(String, String)]) -> String {
        labels.map { "\($0.0)=\"\(escape($0.1))\"" }.joined(separator: ",")
    }

    private static func escape(_ value: String) -> String {
        value.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}

/// What is open now.
struct OpenCounts: Sendable {
    var connections = 0
    var exchanges = 0
    var tunnels = 0

    static func + (first: OpenCounts, second: OpenCounts) -> OpenCounts {
        OpenCounts(
            connections: first.connections + second.connections, exchanges: first.exchanges + second.exchanges,
            tunnels: first.tunnels + second.tunnels)
    }
}
