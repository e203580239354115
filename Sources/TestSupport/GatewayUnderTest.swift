public import Foundation
import LocalState
public import Vocabulary

/// A `byline-gateway dev` that a test has started in folders of its own, and the client that is signed in at it.
public final class GatewayUnderTest: Sendable {
    public let environment: TestEnvironment
    public let folder: TemporaryFolder
    /// The gateway's state folder.
    public let state: String
    public let url: String
    private let program: RunningProgram

    private init(
        environment: TestEnvironment, folder: TemporaryFolder, state: String, url: String, program: RunningProgram
    ) {
        self.environment = environment
        self.folder = folder
        self.state = state
        self.url = url
        self.program = program
    }

    /// Starts it, waits until it accepts connections, signs in. It can be started anew on the folder that another one
    /// left, and its state folder can lie elsewhere.
    public static func start(
        _ environment: TestEnvironment, folder: TemporaryFolder? = nil, state: String? = nil
    ) async throws -> GatewayUnderTest {
        let folder = try folder ?? TemporaryFolder()
        let state = state ?? "\(folder.path)/gateway"
        let ready = "\(folder.path)/ready-\(UUID().uuidString).json"
        let program = try RunningProgram(
            "\(environment.programs)/byline-gateway",
            [
                "dev", "--kubeconfig", environment.kubeconfig, "--cluster", "test", "--state", state, "--listen",
                "127.0.0.1:0",
                "--ready-file", ready, "--grace", "1",
            ], environment: variables(folder))
        let deadline = ContinuousClock.now + .seconds(30)
        while !FileManager.default.fileExists(atPath: ready) {
            guard ContinuousClock.now < deadline, kill(program.pid, 0) == 0 else {
                throw NotReady(printed: program.printed)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let json = try JSON(parsing: PrivateFile.readShared(ready))
        guard let url = json["gateway"]?.string else { throw NotReady(printed: program.printed) }
        let gateway = GatewayUnderTest(
            environment: environment, folder: folder, state: state, url: url, program: program)
        let login = try await gateway.byline([
            "login", url, "--client-credentials", "\(state)/client.json", "--certificate-authority", "\(state)/ca.crt",
        ])
        guard login.code == 0 else { throw NotReady(printed: login.error) }
        return gateway
    }

    /// It did not come up.
    public struct NotReady: Error { public let printed: String }

    private static func variables(_ folder: TemporaryFolder) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path,
            "BYLINE_STATE": "\(folder.path)/client", "TMPDIR": folder.path,
        ]
    }

    /// The environment of the client.
    public var clientEnvironment: [String: String] { Self.variables(folder) }

    public var printed: String { program.printed }
    public var pid: Int32 { program.pid }

    /// Runs `byline` to its end.
    public func byline(_ arguments: [String], input: Data? = nil) async throws -> RunningProgram.Result {
        try await RunningProgram.run(
            "\(environment.programs)/byline", arguments, environment: clientEnvironment, input: input)
    }

    /// Runs kubectl through `byline run` to its end.
    public func kubectl(
        model: String = "model-1", prompt: String = "prompt-1", _ arguments: [String], extra: [String: String] = [:],
        input: Data? = nil
    ) async throws -> RunningProgram.Result {
        var variables = clientEnvironment
        variables.merge(extra) { _, new in new }
        return try await RunningProgram.run(
            "\(environment.programs)/byline",
            ["run", "--model", model, "--prompt-id", prompt, "--", environment.kubectl] + arguments,
            environment: variables, input: input)
    }

    /// Runs kubectl at the cluster itself, as its administrator.
    public func direct(_ arguments: [String], input: Data? = nil) async throws -> RunningProgram.Result {
        try await RunningProgram.run(
            environment.kubectl, ["--kubeconfig", environment.kubeconfig] + arguments, environment: clientEnvironment,
            input: input)
    }

    /// The sessions, the latest first.
    public func sessions() async throws -> [JSON] {
        let result = try await byline(["sessions", "-o", "json"])
        return try JSON(parsing: result.output)["sessions"]?.array ?? []
    }

    /// A session's exchanges in their order.
    public func exchanges(ofSession session: JSON) async throws -> [JSON] {
        let result = try await byline(["show", session["session"]?.string ?? "", "-o", "json"])
        return try JSON(parsing: result.output)["exchanges"]?.array ?? []
    }

    /// Starts a watch through `byline run` and waits until the gateway has recorded its opening.
    public func startWatch() async throws -> RunningProgram {
        let watch = try RunningProgram(
            "\(environment.programs)/byline",
            [
                "run", "--model", "m", "--", environment.kubectl, "get", "configmaps", "--watch-only", "-o", "name",
            ], environment: clientEnvironment)
        let isWatching = try await eventually {
            guard let session = try await self.sessions().first else { return false }
            return try await self.exchanges(ofSession: session).contains {
                $0["open"]?["requestInfo"]?["verb"] == "watch"
            }
        }
        guard isWatching else { throw NotReady(printed: watch.printed) }
        return watch
    }

    /// Ends it as Ctrl-C does, and waits.
    @discardableResult
    public func stop() async -> RunningProgram.Result {
        program.signal(SIGINT)
        return await program.result()
    }

    /// Ends it, and has its record checked.
    ///
    /// - Returns: what `byline-gateway fsck` says of it.
    public func stopAndCheck() async throws -> JSON {
        await stop()
        let checked = try await RunningProgram.run(
            "\(environment.programs)/byline-gateway", ["fsck", "\(state)/journal", "-o", "json"],
            environment: clientEnvironment)
        return try JSON(parsing: checked.output)
    }

    /// Ends it as a crash does, and waits.
    public func kill9() async {
        program.signal(SIGKILL)
        _ = await program.result()
    }
}
