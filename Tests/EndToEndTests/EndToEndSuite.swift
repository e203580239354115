import TestSupport
import Testing

/// Everything that needs a real cluster. `make test` brings one up; a bare `swift test` leaves these out. One after the
/// other: each has a gateway of its own, and the machine has two cores.
@Suite(.serialized, .enabled(if: TestEnvironment.current != nil, "no cluster: run make test"))
enum EndToEnd {
    static func environment() throws -> TestEnvironment { try #require(TestEnvironment.current) }
}
