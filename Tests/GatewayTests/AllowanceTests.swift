import Testing
import Vocabulary

@testable import Gateway

@Suite struct AllowanceTests {
    private static func limits(_ change: (inout GatewayConfiguration.Limits.PerIdentity) -> Void)
        -> GatewayConfiguration.Limits.PerIdentity
    {
        var limits = GatewayConfiguration.Limits.unbounded.perIdentity
        change(&limits)
        return limits
    }

    @Test func aBurstIsLetThroughAndThenTheRateHolds() throws {
        let allowance = Allowance(
            Self.limits {
                $0.requestsPerSecond = 10
                $0.burst = 5
            })
        let start: UInt64 = 1_000_000_000_000
        for _ in 0..<5 { try allowance.enter(isStream: false, now: start) }
        #expect(throws: Allowance.Excess.rate(limit: 10, retryAfter: 1)) {
            try allowance.enter(isStream: false, now: start)
        }
        // A tenth of a second later there is room for one more.
        try allowance.enter(isStream: false, now: start + 100_000_000)
        #expect(throws: Allowance.Excess.self) { try allowance.enter(isStream: false, now: start + 100_000_000) }
    }

    @Test func whatIsGivenBackCanBeTakenAgain() throws {
        let allowance = Allowance(
            Self.limits {
                $0.concurrent = 2
                $0.streams = 1
            })
        try allowance.enter(isStream: false, now: 1)
        try allowance.enter(isStream: false, now: 2)
        #expect(throws: Allowance.Excess.concurrent(limit: 2)) { try allowance.enter(isStream: false, now: 3) }
        // Streams are counted for themselves.
        try allowance.enter(isStream: true, now: 4)
        #expect(throws: Allowance.Excess.streams(limit: 1)) { try allowance.enter(isStream: true, now: 5) }
        allowance.leave(isStream: false)
        try allowance.enter(isStream: false, now: 6)
    }

    @Test func aPlaceIsGivenBackOnce() throws {
        let allowance = Allowance(Self.limits { $0.concurrent = 1 })
        let cluster = ClusterAllowance(limit: 1)
        do {
            try allowance.enter(isStream: false, now: 1)
            #expect(cluster.enter())
            let place = Place(allowance, cluster, isStream: false)
            #expect(!cluster.enter())
            place.leave()
            place.leave()
        }
        // Had it been given back twice, two could enter now.
        try allowance.enter(isStream: false, now: 2)
        #expect(throws: Allowance.Excess.self) { try allowance.enter(isStream: false, now: 3) }
        #expect(cluster.enter())
        #expect(!cluster.enter())
    }

    @Test func oneIdentityHasOneAllowanceWhateverItsToken() {
        let allowances = Allowances(GatewayConfiguration.Limits.unbounded.perIdentity)
        let alice = Identity(issuer: "i", username: "alice", groups: ["a"])
        let again = Identity(issuer: "i", username: "alice", groups: ["b"])
        let other = Identity(issuer: "j", username: "alice", groups: ["a"])
        #expect(allowances.allowance(of: alice) === allowances.allowance(of: again))
        #expect(allowances.allowance(of: alice) !== allowances.allowance(of: other))
    }
}
