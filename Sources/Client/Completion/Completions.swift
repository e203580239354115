public import CurlTransport
import LocalState
import Vocabulary

/// Names that a shell completes: clusters and sessions as the gateway lists them, kept for a moment so that a second TAB
/// asks nobody.
public struct Completions: Sendable {
    public enum Kind: String, Sendable {
        case clusters, sessions
    }

    /// How long names are used before the gateway is asked again, in seconds.
    private static let life: Int64 = 60
    /// Who presses TAB waits no longer for the gateway.
    private static let patience = Duration.seconds(2)
    private static let sessionLimit = 100

    private let environment: Environment

    public init(_ environment: Environment) { self.environment = environment }

    /// The names of a kind; what is known from before where the gateway does not answer at once, and never an error.
    public func names(_ kind: Kind, engine: @Sendable () throws -> CurlEngine) async -> [String] {
        guard let state = StateFolders.person(environment: environment.variables) else { return [] }
        let path = StateFolders.completion(inPerson: state)
        let kept = try? JSON(parsing: PrivateFile.read(path))
        let now = Timestamp.now().seconds
        let place = environment.gateway ?? ""
        if let kept, kept["gateway"]?.string == place, let time = kept["time"]?.integer, Int64(time) + Self.life > now,
            Int64(time) <= now, let names = kept[kind.rawValue]?.strings
        {
            return names
        }
        guard let engine = try? engine(), let fresh = await ask(engine) else {
            return kept?["gateway"]?.string == place ? kept?[kind.rawValue]?.strings ?? [] : []
        }
        let json: JSON = [
            "clusters": .strings(fresh.clusters), "gateway": .string(place), "sessions": .strings(fresh.sessions),
            "time": .integer(now),
        ]
        try? PrivateFile.replaceAtomically(path, with: json.canonicalBytes)
        return kind == .clusters ? fresh.clusters : fresh.sessions
    }

    private func ask(_ engine: CurlEngine) async -> (clusters: [String], sessions: [String])? {
        await withTaskGroup(of: (clusters: [String], sessions: [String])?.self) { group in
            group.addTask { try? await self.fetch(engine) }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func fetch(_ engine: CurlEngine) async throws -> (clusters: [String], sessions: [String]) {
        let signIn = try await SigningIn(environment, engine).current(gateway: environment.gateway)
        let discovery = try await signIn.way.toGateway(engine).json(
            .init(
                method: "GET", url: "\(signIn.gateway)/.well-known/byline", trust: signIn.way.gatewayTrust, timeout: 2))
        // Not everybody may read the record.
        let record = try? await RecordClient(environment, engine, gateway: nil).search(
            "sessions", [], limit: Self.sessionLimit)
        let sessions = (record?["sessions"]?.array ?? []).compactMap { $0["session"]?.string }
        return (discovery["clusters"]?.strings ?? [], sessions)
    }
}
