import KubernetesWire
import LocalState
import Masking
import Recording
import Testing
import Vocabulary

@testable import Gateway

@Suite struct RefusalLedgerTests {
    private static let second: UInt64 = 1_000_000_000

    private static func refused(_ source: String, cause: String = "unauthenticated", query: Int = 0) throws
        -> RefusedRequest
    {
        RefusedRequest(
            method: "GET",
            target: RecordedTarget.record(try RequestTarget("/api/v1/pods?x=" + String(repeating: "y", count: query))),
            sourceAddress: source, cause: cause, reason: "no", status: 401, time: .now())
    }

    @Test func refusalsOfASecondAreCountedTogether() throws {
        let ledger = RefusalLedger(.init(retainedBytes: nil), now: 0)
        let taken = try (0..<480).compactMap { _ in ledger.take(try Self.refused("10.0.0.1"), now: 0) }
        #expect(taken.count == 20 && taken.allSatisfy { $0.count == 1 })
        #expect(ledger.take(try Self.refused("10.0.0.2"), now: 0) != nil)
        #expect(ledger.take(try Self.refused("10.0.0.1", cause: "unreadable"), now: 0) != nil)
        let due = ledger.due(now: Self.second)
        #expect(due.map(\.count) == [460])
        #expect(ledger.due(now: 2 * Self.second).isEmpty)
    }

    @Test func aLongTargetIsCut() throws {
        let ledger = RefusalLedger(.init(retainedBytes: nil), now: 0)
        let taken = try #require(ledger.take(try Self.refused("10.0.0.1", query: 70_000), now: 0))
        #expect(taken.target.text.utf8.count < 600)
    }

    /// The flood of issue: 70 KiB of query each must not push evidence out of a journal that keeps 8 MiB.
    @Test func aFloodOfSourcesHasABudgetOfItsOwn() throws {
        let ledger = RefusalLedger(.init(retainedBytes: 8 << 20), now: 0)
        var frames = 0
        var counted = 0
        for tick in 0..<300 {
            let now = UInt64(tick) * Self.second
            for source in 0..<1_000 {
                let refused = try Self.refused("10.\(tick % 250).\(source / 250).\(source % 250)", query: 400)
                if let taken = ledger.take(refused, now: now) {
                    frames += 1
                    counted += taken.count
                }
            }
            for due in ledger.due(now: now) {
                frames += 1
                counted += due.count
            }
        }
        for due in ledger.due(now: 1_000 * Self.second) { counted += due.count }
        // At most an eighth of what is kept, and none is forgotten.
        #expect(frames * 700 < 1 << 20, "\(frames) frames")
        #expect(counted == 300_000)
    }
}
