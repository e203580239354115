import Foundation
public import Vocabulary

/// What a gateway under test recorded of upgraded connections.
extension GatewayUnderTest {
    /// The latest exchange with that subresource, once it is closed; of all sessions.
    public func closedExchange(subresource: String) async throws -> JSON {
        var found: JSON?
        _ = try await eventually(every: .milliseconds(200)) {
            for session in try await self.sessions() {
                found = try await self.exchanges(ofSession: session).last {
                    $0["open"]?["requestInfo"]?["subresource"]?.string == subresource && $0["close"]?["status"] == 101
                }
                if found?["close"] != nil { return true }
            }
            return false
        }
        guard let found else { throw NothingRecorded(subresource: subresource) }
        return found
    }

    /// No such exchange was recorded.
    public struct NothingRecorded: Error { let subresource: String }

    /// The SHA-256 of what the record gives out of a channel, in hexadecimal.
    public func digest(of exchange: JSON, _ channel: String, _ direction: String) async throws -> String {
        let id = exchange["open"]?["exchange"]?.string ?? ""
        let result = try await RunningProgram.run(
            "/bin/bash",
            [
                "-c", "set -o pipefail; \"$0\" show \"$1\" \"--$2\" --channel \"$3\" | sha256sum",
                "\(environment.programs)/byline", id, direction, channel,
            ], environment: clientEnvironment)
        return String(result.output.prefix { $0 != " " })
    }

    /// What an exchange's `close` says of a channel.
    public static func channel(_ name: String, _ direction: String, of exchange: JSON) -> JSON? {
        exchange["close"]?["stream"]?["channels"]?.array?.first {
            $0["channel"]?.string == name && $0["direction"]?.string == direction
        }
    }
}
