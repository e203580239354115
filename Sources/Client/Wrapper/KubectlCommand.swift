import CurlTransport

/// Whether objects are annotated with who writes them.
public enum AnnotationMode: String, CaseIterable, Sendable {
    /// In the manifests that kubectl is given.
    case auto
    case off

    /// - Throws: `ClientFault` where `BYLINE_ANNOTATE` is neither.
    public init(_ environment: Environment) throws(ClientFault) {
        guard let value = environment.annotate else {
            self = .auto
            return
        }
        guard let mode = Self(rawValue: value) else {
            let expected = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw .manifest(.badSetting(name: "BYLINE_ANNOTATE", value: value, expected: expected))
        }
        self = mode
    }
}

/// `byline kubectl`: the real kubectl, whose requests are tagged and whose manifests are annotated. What this program does
/// not understand of the command line goes to kubectl as it is.
public struct KubectlCommand: Sendable {
    public var arguments: [String]
    public var options: BylineOptions
    public var cluster: String?
    public var gateway: String?
    public var annotates: AnnotationMode
    public var prefix: String
    /// What kubectl inherits.
    public var descriptors: OpenDescriptors

    /// What is said only in the environment.
    public init(
        _ arguments: [String], _ environment: Environment, keeping descriptors: OpenDescriptors
    ) throws(ClientFault) {
        self.arguments = arguments
        self.descriptors = descriptors
        options = BylineOptions(fields: [:], promptFile: nil)
        annotates = try AnnotationMode(environment)
        prefix = environment.annotationPrefix
    }

    /// Runs kubectl to its end.
    ///
    /// - Returns: the exit code to end with.
    public func run(_ environment: Environment) async throws -> Int32 {
        let kubectl = try RealKubectl.find(environment)
        let line = KubectlCommandLine(arguments)
        if line.isLocal { try kubectl.become(arguments, keeping: descriptors) }
        let manifests = annotates == .auto ? line.manifests : nil
        do {
            if isPart(ofRunIn: environment) {
                guard let manifests else { try kubectl.become(arguments, keeping: descriptors) }
                let prepared = try await prepare(line, manifests, kubectl, environment, environment.session) {
                    try CurlEngine()
                }
                return try await run(kubectl, prepared, environment.variables)
            }
            let engine = try CurlEngine()
            let run = try await TaggedRun(
                cluster: cluster, gateway: gateway, preferring: line.cluster, options: options, environment, engine)
            var prepared = PreparedCommandLine(arguments: arguments)
            if let manifests {
                prepared = try await prepare(line, manifests, kubectl, environment, run.id) { engine }
            }
            return try await run.serve { variables in try await self.run(kubectl, prepared, variables) }
        } catch let interrupted as ChildProcess.Interrupted {
            return interrupted.code
        }
    }

    /// True within `byline run`, whose shim serves this command too, unless it is to write as someone else.
    private func isPart(ofRunIn environment: Environment) -> Bool {
        environment.runContext != nil && options.fields.isEmpty && options.promptFile == nil
            && !options.sendsPrompt && cluster == nil && gateway == nil
    }

    private func prepare(
        _ line: KubectlCommandLine, _ manifests: KubectlCommandLine.Manifests, _ kubectl: RealKubectl,
        _ environment: Environment, _ session: String?, _ engine: @escaping () throws -> CurlEngine
    ) async throws -> PreparedCommandLine {
        let annotator = try ManifestAnnotator(try options.resolve(environment), session: session, prefix: prefix)
        return try await ManifestPreparation(
            annotator: annotator, kubectl: kubectl, environment: environment, descriptors: descriptors, engine: engine
        ).prepare(line, manifests)
    }

    private func run(
        _ kubectl: RealKubectl, _ prepared: PreparedCommandLine, _ variables: [String: String]
    ) async throws -> Int32 {
        let command = [kubectl.path] + prepared.arguments
        guard !prepared.files.isEmpty else {
            return try await ChildProcess.run(command, environment: variables, keeping: descriptors)
        }
        return try await ErrorRelay(names: prepared.names).run { redirections in
            try await ChildProcess.run(
                command, environment: variables, keeping: descriptors.handingOver(prepared.files.map(\.descriptor)),
                redirecting: redirections)
        }
    }
}
