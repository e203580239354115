/// What a batch adds to the counts of rows, by their ids: each row is updated once a batch.
struct Tallies {
    struct Tally {
        var exchanges: Int64 = 0
        var first = Int64.max
        var last = Int64.min
        var denied: Int64 = 0
        var failed: Int64 = 0
        var unknown: Int64 = 0

        mutating func see(_ time: Int64) {
            first = min(first, time)
            last = max(last, time)
        }
    }

    var words: [Int64: Tally] = [:]
    var objects: [Int64: Tally] = [:]
    var sessions: [Int64: Tally] = [:]
    var invocations: [Int64: Tally] = [:]

    static func count(_ tallies: inout [Int64: Tally], _ id: Int64, at time: Int64, by exchanges: Int64 = 1) {
        tallies[id, default: Tally()].exchanges += exchanges
        tallies[id, default: Tally()].see(time)
    }

    /// Counts how an exchange ended, or takes that back.
    mutating func countEnd(_ session: Int64, outcome: String, isDenied: Bool, by sign: Int64 = 1) {
        if isDenied {
            sessions[session, default: Tally()].denied += sign
        } else if outcome == "failed" {
            sessions[session, default: Tally()].failed += sign
        }
        if outcome == "unknown" { sessions[session, default: Tally()].unknown += sign }
    }
}
