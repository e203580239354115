import LocalState
import Vocabulary
import YAMLReading

/// kubectl: whether it is there, and whether its owner lets it run credential plugins.
struct KubectlChecks {
    /// Older ones do not speak `client.authentication.k8s.io/v1`.
    private static let oldestMinor = 22

    private let environment: Environment

    init(_ environment: Environment) { self.environment = environment }

    func all() -> [Check] { [version(), pluginPolicy()] }

    private func version() -> Check {
        let output: [UInt8]
        do throws(ProgramOutput.Fault) {
            output = try ProgramOutput.of(
                ["kubectl", "version", "--client", "-o", "json"], environment: environment.variables, seconds: 10)
        } catch {
            if case .cannotRun = error {
                return .note("kubectl", "there is none in PATH", hint: "other clients work as well")
            }
            return .fault("kubectl", "\(error)", hint: "see what is behind the name: command -v kubectl")
        }
        guard let client = (try? JSON(parsing: output))?["clientVersion"], let name = client["gitVersion"]?.string,
            let minor = client["minor"]?.string.flatMap({ Int($0.prefix { $0.isNumber }) })
        else {
            return .fault("kubectl", "it does not say its version", hint: "see what it is: kubectl version --client")
        }
        guard minor >= Self.oldestMinor else {
            return .fault(
                "kubectl", "\(name) is too old for credential plugins", hint: "use 1.\(Self.oldestMinor) or later")
        }
        return .ok("kubectl", name)
    }

    /// kuberc's `credentialPluginPolicy` (KEP-3104), which kubectl 1.35 and later heed.
    private func pluginPolicy() -> Check {
        let name = "plugin policy"
        guard let path = environment.kuberc, let bytes = try? PrivateFile.readShared(path) else {
            return .ok(name, "no kuberc: kubectl runs any credential plugin")
        }
        let text: YAMLNode?
        do throws(YAMLFault) { text = try YAMLNode.read(bytes) } catch {
            return .fault(name, "\(path) is no YAML", hint: "mend it: kubectl does not start with it")
        }
        let policy = text?["credentialPluginPolicy"]?.text ?? "AllowAll"
        switch policy {
        case "DenyAll":
            return .fault(
                name, "\(path) denies all credential plugins", hint: "set Allowlist, and list byline-credential")
        case "Allowlist":
            let allowed = (text?["credentialPluginAllowlist"]?.elements ?? []).compactMap {
                $0["name"]?.text ?? $0["command"]?.text
            }
            let isListed = allowed.contains { $0.split(separator: "/").last?.hasPrefix("byline") == true }
            return isListed
                ? .ok(name, "\(path) allows \(allowed.joined(separator: ", "))")
                : .fault(name, "\(path) does not list byline-credential", hint: "add it to credentialPluginAllowlist")
        default: return .ok(name, "\(path) allows all")
        }
    }
}
