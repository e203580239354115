import Synchronization
import Testing

@testable import Client

@Suite struct GatewayHealthTests {
    private final class Clock: Sendable {
        let time: Mutex<UInt64> = Mutex(1)
        func advance(_ milliseconds: UInt64) { time.withLock { $0 += milliseconds * 1_000_000 } }
    }

    @Test func aGatewayThatStaysAwayIsAskedLessAndLessOften() {
        let clock = Clock()
        let health = GatewayHealth(now: { clock.time.withLock { $0 } })
        #expect(health.knownDown() == nil)
        for pause: UInt64 in [500, 1_000, 2_000, 4_000, 5_000, 5_000] {
            health.failed("refused")
            health.failed("refused")
            #expect(health.knownDown() == "refused")
            clock.advance(pause - 1)
            #expect(health.knownDown() == "refused")
            clock.advance(1)
            #expect(health.knownDown() == nil)
        }
        health.answered()
        health.failed("again")
        clock.advance(500)
        #expect(health.knownDown() == nil)
    }
}
