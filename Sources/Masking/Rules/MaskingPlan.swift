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
    /// What is masked of a JSON patch that touches masked fields.
    private let patch: FieldTree?
    private let auditors: [AuditorKey]
    /// What the masks of a read's answer are bound to; nil for a write, whose answer holds the caller's own words.
    private let scope: MaskScope?
    /// Whether an archive that a command writes passes as it is.
    public let copies: MaskingConfiguration.Copies

    init(
        form: Form, rules: MaskingRules?, patch: FieldTree?, auditors: [AuditorKey], scope: MaskScope? = nil,
        copies: MaskingConfiguration.Copies = .deny
    ) {
        self.auditors = auditors
        self.scope = scope
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
    ///   - status: the answer's. An error may repeat the caller's own words, so its masks equal no others.
    /// - Returns: what its body is to go through.
    /// - Throws: why its body cannot be masked.
    public func responseMasker(
        contentType: String?, contentEncoding: String?, status: Int = 200
    ) throws(MaskingFault) -> BodyMasker {
        guard let rules, form != .open else { return .open }
        let media = MediaType(contentType)
        if let contentEncoding, contentEncoding.lowercased() != "identity" {
            throw .contentEncoding(contentEncoding)
        }
        let binding = rules.keys.binding(to: status < 400 ? scope ?? .fresh() : .fresh())
        guard media.keepsASCII else { throw .charset(media.charset ?? "") }
        // Kubelet's pods have environment variables, which JSON tells apart.
        if media.isJSON, form == .text {
            return .proxied(JSONMasker(rules, binding), TextMasker(rules.detectors, binding))
        }
        if media.isJSON { return .json(JSONMasker(rules, binding)) }
        // Whatever a proxied server calls its bytes, the detectors look at them.
        if form == .text { return .text(TextMasker(rules.detectors, binding)) }
        guard rules.isPlain else {
            // Of what has masked fields nothing but JSON can be told apart into what is secret and what is not.
            guard media.essence.isEmpty else { throw .contentType(contentType ?? "") }
            return .json(JSONMasker(rules, binding))
        }
        guard media.isText else { throw .contentType(contentType ?? "") }
        return .text(TextMasker(rules.detectors, binding))
    }

    /// A masker of one channel of an upgraded connection, which may be a terminal's.
    /// With `keepsLength` for bytes that stand in frames that nobody can read here.
    public func streamMasker(isTerminal: Bool = false, keepsLength: Bool = false) -> TextMasker? {
        rules.map { rules in
            TextMasker(
                rules.detectors, rules.keys.binding(to: scope ?? .fresh()), isTerminal: isTerminal,
                keepsLength: keepsLength)
        }
    }

    /// True where a command's output is looked through on its way to the caller.
    public var masksOutput: Bool { rules?.detectors.detectors.isEmpty == false }

    /// Seals an exchange's originals; nil where no auditor's key is configured, so that they are not kept.
    public func sealer(of exchange: ExchangeID) -> OriginalsSealer? { OriginalsSealer(exchange, auditors: auditors) }

    /// The masker of a request's body, for the record. What is forwarded is the body as it came. Its head says only what is tried
    /// first: what calls itself something else than it is, is read as what it is.
    ///
    /// - Parameter contentType: as the head has it.
    /// - Returns: what its body is to go through, which throws where it cannot be read.
    public func requestMasker(contentType: String?) -> BodyMasker {
        guard let rules, form != .open else { return .open }
        let binding = rules.keys.binding(to: .fresh())
        guard form == .objects else { return .text(TextMasker(rules.detectors, binding)) }
        let media = MediaType(contentType)
        if media.essence == Self.jsonPatch { return .whole(WholeBody(rules, binding, patch: patch)) }
        if media.isJSON { return .json(JSONMasker(rules, binding)) }
        return .whole(
            WholeBody(rules, binding, isCBOR: media.essence == "application/cbor" || media.essence.hasSuffix("+cbor")))
    }

    /// True where fields are masked for their place alone.
    public var masksFields: Bool { rules?.isPlain == false }

    /// True where a request's body is judged when all of it is there, and may go nowhere before.
    public func awaitsWhole(contentType: String?) -> Bool {
        guard rules != nil, form == .objects else { return false }
        let media = MediaType(contentType)
        return media.essence == Self.jsonPatch || !media.isJSON
    }

    /// Why a patch must not reach the cluster; nil for one that may, and for what is no JSON patch.
    public func fault(ofPatch body: [UInt8], contentType: String?) -> JSONPatch.Fault? {
        guard let rules, form == .objects, MediaType(contentType).essence == Self.jsonPatch else { return nil }
        do throws(JSONPatch.Fault) {
            try JSONPatch(body).check(rules)
            return nil
        } catch { return error }
    }

    private static let jsonPatch = "application/json-patch+json"
}

/// The media type of a body.
struct MediaType {
    /// Without its parameters, in lower case.
    let essence: String
    /// The parameter of that name, in lower case; nil where there is none.
    let charset: String?

    init(_ contentType: String?) {
        guard let contentType else {
            (essence, charset) = ("", nil)
            return
        }
        let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        essence = (parts.first ?? "").filter { $0 != " " && $0 != "\t" }
        guard parts.count > 1 else {
            charset = nil
            return
        }
        charset =
            parts.dropFirst().compactMap { part in
                let pair = part.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.split(separator: "=", maxSplits: 1)
                return pair.count == 2 && pair[0] == "charset" ? String(pair[1]) : nil
            }.first
    }

    /// True where letters and digits are written as in ASCII, or in two or four bytes with zeros beside them, as the detectors read
    /// them: in all but a few old encodings.
    var keepsASCII: Bool {
        guard let charset else { return true }
        return [
            "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-32", "ucs-2", "iso-8859-", "latin", "windows-",
            "cp125",
            "koi8-", "gb", "big5", "euc-", "shift", "iso-10646-ucs-",
        ].contains { charset.hasPrefix($0) }
    }

    var isJSON: Bool { essence == "application/json" || essence.hasSuffix("+json") }

    /// True where lines can be looked at, and where nothing is said.
    var isText: Bool {
        essence.isEmpty || essence.hasPrefix("text/")
            || ["application/yaml", "application/x-www-form-urlencoded", "application/xml", "application/javascript"]
                .contains(essence)
    }
}
