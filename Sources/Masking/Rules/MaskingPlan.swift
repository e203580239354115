import KubernetesWire
public import Vocabulary

/// What is done with one request's bodies: chosen by what is asked for, before anything of them is seen.
public struct MaskingPlan: Sendable {
    /// What a request's answer is made of.
    public enum Form: Hashable, Sendable {
        /// Kubernetes' objects: JSON is asked for, and nothing else is delivered.
        case objects
        /// Lines of text, or whatever a proxied server says.
        case text
        /// The API server's own words about itself: nothing is looked at.
        case open

        private static let openPaths: Set<Substring> = [
            "api", "apis", "openapi", "version", "healthz", "livez", "readyz", "metrics", "openid", ".well-known",
        ]

        /// nil for what is open to everybody.
        init?(_ request: RequestInfo) {
            guard request.isResourceRequest else {
                let first = request.path.dropFirst().prefix { $0 != "/" }
                if Self.openPaths.contains(first) || first.isEmpty { return nil }
                self = .text
                return
            }
            self = ["log", "proxy"].contains(request.subresource) ? .text : .objects
        }
    }

    public let form: Form
    private let rules: MaskingRules?
    /// For a JSON patch.
    private let patch: FieldTree?
    private let auditors: [AuditorKey]
    /// Whether an archive that a command writes passes as it is.
    public let copies: MaskingConfiguration.Copies

    init(
        form: Form, rules: MaskingRules?, patch: FieldTree?, auditors: [AuditorKey],
        copies: MaskingConfiguration.Copies = .deny
    ) {
        self.auditors = auditors
        self.copies = copies
        self.form = form
        self.rules = rules
        self.patch = patch
    }

    /// Makes of a digest one that nobody can try values against, who has not the gateway's key.
    public func conceal(_ digest: [UInt8]) -> [UInt8] { rules?.keys.conceal(digest) ?? digest }

    /// The masker of an answer.
    ///
    /// - Parameters:
    ///   - contentType: as the answer's head has it.
    ///   - contentEncoding: likewise.
    /// - Returns: what its body is to go through.
    /// - Throws: why its body cannot be masked.
    public func responseMasker(
        contentType: String?, contentEncoding: String?
    ) throws(MaskingFault) -> BodyMasker {
        guard let rules else { return .open }
        let media = MediaType(contentType)
        if let contentEncoding, contentEncoding.lowercased() != "identity" {
            throw .contentEncoding(contentEncoding)
        }
        switch form {
        case .open: return .open
        case .text:
            guard media.isText || media.isJSON else { return .open }
            return .text(TextMasker(rules.detectors, rules.keys))
        case .objects:
            if media.isJSON { return .json(JSONMasker(rules)) }
            guard media.isText else { throw .contentType(contentType ?? "") }
            return .text(TextMasker(rules.detectors, rules.keys))
        }
    }

    /// A masker of one channel of an upgraded connection, which may be a terminal's.
    public func streamMasker(isTerminal: Bool = false) -> TextMasker? {
        rules.map { TextMasker($0.detectors, $0.keys, isTerminal: isTerminal) }
    }

    /// True where a command's output is looked through on its way to the caller.
    public var masksOutput: Bool { rules?.detectors.detectors.isEmpty == false }

    /// Seals an exchange's originals; nil where no auditor's key is configured, so that they are not kept.
    public func sealer(of exchange: ExchangeID) -> OriginalsSealer? { OriginalsSealer(exchange, auditors: auditors) }

    /// The masker of a request's body, for the record, by the head's content type; nil where the body is left out of the
    /// record. What is forwarded is the body as it came.
    public func requestMasker(contentType: String?) -> BodyMasker? {
        guard let rules else { return .open }
        let media = MediaType(contentType)
        guard form == .objects else {
            return media.isText || media.isJSON ? .text(TextMasker(rules.detectors, rules.keys)) : .open
        }
        if media.essence == "application/json-patch+json", let patch {
            return .json(JSONMasker(MaskingRules(fields: patch, detectors: rules.detectors, keys: rules.keys)))
        }
        if media.isJSON { return .json(JSONMasker(rules)) }
        // YAML and protobuf of what has masked fields cannot be told apart into what is secret and what is not.
        return rules.isPlain ? .text(TextMasker(rules.detectors, rules.keys)) : nil
    }
}

/// The media type of a body.
struct MediaType {
    /// Without its parameters, in lower case.
    let essence: String

    init(_ contentType: String?) {
        let essence = (contentType ?? "").prefix { $0 != ";" }
        self.essence = essence.lowercased().filter { $0 != " " }
    }

    var isJSON: Bool { essence == "application/json" || essence.hasSuffix("+json") }

    /// True where lines can be looked at, and where nothing is said.
    var isText: Bool {
        essence.isEmpty || essence.hasPrefix("text/")
            || ["application/yaml", "application/x-www-form-urlencoded", "application/xml", "application/javascript"]
                .contains(essence)
    }
}
