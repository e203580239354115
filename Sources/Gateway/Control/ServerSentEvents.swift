import LocalState
import NIOCore
import NIOHTTP1
import RecordIndex
import Vocabulary

/// A watch as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). It is read on only when
/// the caller has taken what came before.
enum ServerSentEvents {
    /// How often something is sent, so that a caller who is gone is noticed.
    static let heartbeat: Duration = .seconds(15)

    /// The response; it ends when the reader's token does, and holds the watch's place until then.
    static func response(
        _ watch: SessionWatch, in place: WatchPlaces.Place, until expiration: Timestamp
    ) -> ControlResponse {
        var response = ControlResponse.stream("text/event-stream") {
            defer { withExtendedLifetime(place) {} }
            let left = Duration.nanoseconds(expiration.nanoseconds - Timestamp.now().nanoseconds)
            guard left > .zero, !Task.isCancelled else { return nil }
            let events = try await watch.next(patience: min(heartbeat, left))
            guard !Task.isCancelled else { return nil }
            return ByteBuffer(string: events.isEmpty ? ": nothing new\n\n" : events.map(text).joined())
        }
        response.isWatch = true
        return response
    }

    private static func text(_ event: SessionWatch.Event) -> String {
        "id: \(event.id)\nevent: \(event.name)\ndata: \(event.json.canonicalText)\n\n"
    }
}
