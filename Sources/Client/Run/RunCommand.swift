public import CurlTransport

/// `byline run`: a command whose every request to Kubernetes goes through a shim of its own, tagged.
public struct RunCommand: Sendable {
    public let command: [String]
    public let cluster: String?
    public let gateway: String?
    public let byline: BylineOptions
    /// What the command inherits.
    public let descriptors: OpenDescriptors

    public init(
        command: [String], cluster: String?, gateway: String?, byline: BylineOptions, descriptors: OpenDescriptors
    ) {
        self.descriptors = descriptors
        self.command = command
        self.cluster = cluster
        self.gateway = gateway
        self.byline = byline
    }

    /// Runs the command to its end.
    ///
    /// - Returns: the exit code to end with.
    public func run(_ environment: Environment, _ engine: CurlEngine) async throws -> Int32 {
        let run = try await TaggedRun(cluster: cluster, gateway: gateway, options: byline, environment, engine)
        return try await run.serve { variables in
            try await ChildProcess.run(command, environment: variables, keeping: descriptors)
        }
    }
}
