import KubernetesWire
import Testing
import Vocabulary

@testable import Gateway

@Suite struct WatchPlacesTests {
    private let alice = Identity(issuer: "https://issuer.example", username: "alice", groups: [])
    private let bob = Identity(issuer: "https://issuer.example", username: "bob", groups: [])

    @Test func anAuditorHasOnlySoManyWatches() {
        let places = WatchPlaces()
        var held = (0..<WatchPlaces.limit).compactMap { _ in places.take(alice) }
        #expect(held.count == WatchPlaces.limit)
        #expect(places.take(alice) == nil)
        #expect(places.take(bob) != nil)
        held.removeLast()
        let next = places.take(alice)
        #expect(next != nil)
        #expect(places.take(alice) == nil)
    }

    @Test func tooManyWatchesAreToldSo() {
        #expect(Refusal.recordWatches.status.code == 429)
        #expect(Refusal.recordWatches.status.message == "byline: more than 16 watches of the record at once; end some")
    }
}
