import ArgumentParser
@preconcurrency import Dispatch
import Gateway
import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `byline-gateway serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "run the gateway of a configuration file",
        discussion: """
            Listens until SIGTERM or SIGINT, then lets what is under way end; a second signal ends it at once. SIGHUP, or a \
            change of the file or of one that it names, reloads the configuration: what is valid is put in force whole, what \
            is not is logged and leaves the old one in force.

              byline-gateway check --example > gateway.yaml
              byline-gateway check --config gateway.yaml
              byline-gateway serve --config gateway.yaml
            """)

    @Option(help: ArgumentHelp("the configuration", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("written, as JSON, when connections are accepted", valueName: "file"))
    var readyFile: String?

    func run() async throws {
        CoreDumps.forbid()
        let signals = StopSignals()
        let gateway = try await ServedGateway.start(config, version: Version.current)
        announce(gateway.facts)
        if let readyFile { try writeReady(readyFile, gateway.facts) }
        let watching = Task { await gateway.reloadOnChange() }
        let hangUp = reloadOnHangUp(gateway)
        await signals.first()
        watching.cancel()
        hangUp.cancel()
        let busy = await gateway.busyCount()
        Standard.output("stopping: no new requests; under way: \(busy)\n")
        signals.exitAtOnceOnNext()
        let cut = await gateway.stop()
        if let readyFile { unlink(readyFile) }
        Standard.output(cut == 0 ? "stopped; the journal is closed\n" : "stopped; cut and recorded so: \(cut)\n")
    }

    private func reloadOnHangUp(_ gateway: ServedGateway) -> any DispatchSourceSignal {
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { Task { await gateway.reload() } }
        source.resume()
        return source
    }

    private func announce(_ facts: ServedGateway.Facts) {
        var text = facts.recovery.sentences
        text += "byline-gateway \(Version.current) serves \(facts.url) on \(facts.address)\n"
        text += "  clusters    \(facts.clusters.joined(separator: ", "))\n"
        text += "  issuers     \(facts.issuers.joined(separator: ", "))\n"
        text += "  records     \(facts.journal)\n"
        if let monitoring = facts.monitoring { text += "  monitoring  \(monitoring)/readyz, \(monitoring)/metrics\n" }
        Standard.output(text)
    }

    private func writeReady(_ path: String, _ facts: ServedGateway.Facts) throws {
        let json: JSON = [
            "address": .string(facts.address), "clusters": .strings(facts.clusters), "gateway": .string(facts.url),
            "journal": .string(facts.journal), "monitoring": facts.monitoring.map { .string($0) } ?? .null,
            "pid": .integer(getpid()),
        ]
        do throws(FileFault) {
            try PrivateFile.replaceAtomically(path, with: json.canonicalBytes + [UInt8(ascii: "\n")], mode: 0o644)
        } catch { throw ServeFault.state(error) }
    }
}
