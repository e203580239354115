public import ManifestEditing

/// Why manifests were not annotated.
public enum ManifestFault: Error, Sendable {
    /// Places at which they cannot be annotated safely, by the name of the file.
    case refused([(file: String, ManifestRefusal)])
    case badAnnotation(ManifestAnnotationFault)
    /// Nobody is named who writes.
    case nobodyWrites
    case notFound(String)
    case cannotFetch(url: String, cause: String)
    case sameTarget(String)
    case badSetting(name: String, value: String, expected: String)
    case noKubectl
}

extension ManifestFault {
    var advice: Advice {
        switch self {
        case .refused(let refusals):
            let lines = refusals.map { "\n\($0.file):\($0.1.description) (\($0.1.hint))" }
            return Advice(
                failure: "what cannot be annotated safely was not annotated, and nothing was sent or written"
                    + lines.joined(),
                hint: "correct it as it says there, or send it as it is with --annotate=off or BYLINE_ANNOTATE=off")
        case .badAnnotation(let fault):
            return Advice(
                failure: "\(fault)", hint: "set --annotation-prefix or BYLINE_ANNOTATION_PREFIX to a DNS name")
        case .nobodyWrites:
            return Advice(
                failure: "nothing is known of who writes, so there is nothing to annotate with",
                hint: "say it with --model and --prompt-id; see what is known: byline context")
        case .notFound(let name):
            return Advice(
                failure: "\(name) is no manifest, no folder of manifests and no pattern that matches one",
                hint: "manifests in a folder end in .json, .yaml or .yml; -R looks into its folders too")
        case .cannotFetch(let url, let cause):
            return Advice(failure: "cannot fetch \(url): \(cause)", hint: "check the URL and the proxy variables")
        case .sameTarget(let path):
            return Advice(failure: "two manifests would be written to \(path)", hint: "name their folder with -f")
        case .badSetting(let name, let value, let expected):
            return Advice(failure: "\(name) is \"\(value)\"", hint: "it is one of: \(expected)")
        case .noKubectl:
            return Advice(
                failure: "no kubectl is found in PATH, other than this program",
                hint: "install kubectl, or name it in BYLINE_KUBECTL")
        }
    }
}
