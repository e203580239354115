import ArgumentParser
import Gateway
import LocalState
import Recording
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `byline-gateway dev`.
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "run a gateway for this machine: loopback, its own CA, an embedded sign-in",
        discussion: """
            Serves the cluster of a kubeconfig on https://127.0.0.1:PORT/clusters/NAME/ and records every request. The \
            person who signs in is the user who runs it; other users of this machine are refused.

              byline-gateway dev --context staging
              byline login https://127.0.0.1:8443
              byline run --model claude-opus-4 --prompt-id p-1 -- kubectl get pods
            """)

    @Option(
        help: ArgumentHelp(
            "the kubeconfig of the cluster (default: $KUBECONFIG, else ~/.kube/config)", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("its context (default: the current one)", valueName: "name"))
    var context: String?

    @Option(
        help: ArgumentHelp(
            "the cluster's name in URLs and in the record (default: made from the context)", valueName: "name"))
    var cluster: String?

    @Option(
        help: ArgumentHelp(
            "where keys and journal are kept (default: ~/.local/state/byline/dev-gateway)", valueName: "dir"))
    var state: String?

    @Option(help: ArgumentHelp("the loopback address to listen on; port 0 takes any free one", valueName: "addr"))
    var listen = "127.0.0.1:8443"

    @Option(
        name: .customLong("as"), help: ArgumentHelp("who signs in (default: the machine's user)", valueName: "name"))
    var username: String?

    @Option(help: ArgumentHelp("the groups of who signs in, with commas between", valueName: "a,b"))
    var groups: String?

    @Option(help: ArgumentHelp("written, as JSON, when connections are accepted", valueName: "file"))
    var readyFile: String?

    @Option(help: ArgumentHelp("how long to let requests end when stopping", valueName: "seconds"))
    var grace = 5

    func run() async throws {
        CoreDumps.forbid()
        let signals = StopSignals()
        let gateway = try await DevGateway.start(try configuration())
        announce(gateway.facts)
        if let readyFile { try writeReady(readyFile, gateway.facts) }
        await signals.first()
        let busy = await gateway.busyCount()
        Standard.output(
            "\nstopping: no new requests; \(busy == 0 ? "none is under way" : "under way: \(busy), with \(grace) s to end") (again to stop at once)\n"
        )
        signals.exitAtOnceOnNext()
        let cut = await gateway.stop(grace: .seconds(grace))
        if let readyFile { unlink(readyFile) }
        Standard.output(cut == 0 ? "stopped; the journal is closed\n" : "stopped; cut and recorded so: \(cut)\n")
    }

    // MARK: from options to facts

    private func configuration() throws -> DevConfiguration {
        let environment = ProcessEnvironment.variables()
        guard let person = StateFolders.person(environment: environment) ?? state else {
            throw ValidationError("no state folder: set HOME, or name one with --state DIR")
        }
        let (host, port) = try address()
        return DevConfiguration(
            kubeconfigFiles: kubeconfigFiles(environment), context: context, cluster: cluster,
            folder: DevGatewayFolder(state ?? StateFolders.devGateway(inPerson: person)), host: host, port: port,
            username: username ?? LoginName.own(),
            groups: groups.map { $0.split(separator: ",").map(String.init) } ?? [],
            version: Version.current)
    }

    private func address() throws -> (String, Int) {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("--listen \(listen): expected ADDRESS:PORT, for example 127.0.0.1:8443") }
        let host = listen[..<colon]
        return (host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host), port)
    }

    private func kubeconfigFiles(_ environment: [String: String]) -> [String] {
        if let kubeconfig { return [kubeconfig] }
        if let list = environment["KUBECONFIG"], !list.isEmpty { return list.split(separator: ":").map(String.init) }
        return ["\(environment["HOME"] ?? "")/.kube/config"]
    }

    // MARK: what the person sees

    private func announce(_ facts: DevGateway.Facts) {
        var text = facts.recovery.sentences
        let isDefault = state == nil && StateFolders.person(environment: ProcessEnvironment.variables()) != nil
        let trust = isDefault ? "" : " --certificate-authority \(facts.certificateAuthority)"
        text += """
            byline-gateway \(Version.current) serves \(facts.url)/clusters/\(facts.cluster)/
              cluster   \(facts.apiServer)
              records   \(facts.journal)
              signs in  \(facts.username), on this machine only
              policy    dev-allow-all: everything is allowed, and recorded

            next, in another terminal:
              byline login \(facts.url)\(trust)
              byline run --model MODEL --prompt-id ID -- kubectl get pods
              byline sessions

            Ctrl-C stops it.

            """
        Standard.output(text)
    }

    private func writeReady(_ path: String, _ facts: DevGateway.Facts) throws {
        let json: JSON = [
            "ca": .string(facts.certificateAuthority), "clientCredentials": .string(facts.clientCredentials),
            "clusters": [.string(facts.cluster)], "gateway": .string(facts.url), "journal": .string(facts.journal),
            "pid": .integer(getpid()),
        ]
        do throws(FileFault) {
            try PrivateFile.replaceAtomically(path, with: json.canonicalBytes + [UInt8(ascii: "\n")], mode: 0o644)
        } catch { throw DevFault.state(error) }
    }
}
