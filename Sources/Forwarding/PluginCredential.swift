import Dispatch
import KubernetesWire
import LocalState
import Synchronization
import Vocabulary

/// The token that a kubeconfig's exec plugin gives out: asked for once, kept until shortly before it ends, asked for
/// again in the background, so that no request waits for the program.
final class PluginCredential: Sendable {
    /// A credential is renewed this many seconds before it ends; one without an end, this many seconds after it came.
    private static let margin: Int64 = 60
    private static let unboundedLife: Int64 = 15 * 60
    /// How long the program may take, in seconds.
    private static let patience = 60
    /// Between two looks at the clock, and so between two runs; longer while the program fails.
    private static let shortestPause = Duration.seconds(2)
    private static let longestPause = Duration.seconds(30)

    private struct State {
        var credential: ExecCredential?
        var came = Timestamp.now()
        var failure: String?
        var isRefused = false
    }

    private let plugin: ExecPlugin
    private let request: String
    private let state: Mutex<State> = Mutex(State())

    init(_ plugin: ExecPlugin, for cluster: KubeconfigUpstream) {
        self.plugin = plugin
        request = String(decoding: ExecCredential.request(plugin, cluster: cluster).canonicalBytes, as: UTF8.self)
    }

    /// The header's value, of the credential that is there.
    func authorization(now: Timestamp) throws(UpstreamFault) -> String {
        let (credential, failure) = state.withLock { ($0.credential, $0.failure) }
        guard let credential, credential.expiration.map({ now < $0 }) ?? true else {
            throw .plugin(cause: failure ?? "\(plugin.command[0]) has given no credential yet")
        }
        return "Bearer \(credential.token)"
    }

    /// The API server refused the credential: the next look at the clock renews it.
    func refused() { state.withLock { $0.isRefused = true } }

    /// Runs the program now.
    func renew() async throws(UpstreamFault) {
        let result = await withCheckedContinuation { continuation in
            // The program may take seconds: a thread of its own.
            DispatchQueue(label: "byline.exec-plugin").async { continuation.resume(returning: self.ask()) }
        }
        switch result {
        case .success(let credential): state.withLock { $0 = State(credential: credential) }
        case .failure(let cause):
            state.withLock { $0.failure = cause.text }
            throw .plugin(cause: cause.text)
        }
    }

    /// Renews the credential in time until the task is cancelled.
    func keepFresh() async {
        var pause = Self.shortestPause
        while !Task.isCancelled {
            if isDue {
                do throws(UpstreamFault) {
                    try await renew()
                    pause = Self.shortestPause
                } catch { pause = min(pause * 2, Self.longestPause) }
            }
            try? await Task.sleep(for: pause)
        }
    }

    private var isDue: Bool {
        state.withLock { state in
            guard let credential = state.credential, !state.isRefused else { return true }
            let end = credential.expiration ?? state.came.advanced(bySeconds: Self.unboundedLife)
            return Timestamp.now() >= end.advanced(bySeconds: -Self.margin)
        }
    }

    private struct Cause: Error { let text: String }

    private func ask() -> Result<ExecCredential, Cause> {
        var environment = ProcessEnvironment.variables()
        environment.merge(plugin.environment) { _, own in own }
        environment["KUBERNETES_EXEC_INFO"] = request
        let hint = plugin.installHint.map { " (\($0.prefix(300)))" } ?? ""
        do throws(ProgramOutput.Fault) {
            let output = try ProgramOutput.of(plugin.command, environment: environment, seconds: Self.patience)
            do throws(ExecCredential.Fault) {
                return .success(try ExecCredential(parsing: output, apiVersion: plugin.apiVersion))
            } catch { return .failure(Cause(text: "\(plugin.command[0]): \(error)")) }
        } catch { return .failure(Cause(text: "\(error)\(hint)")) }
    }
}
