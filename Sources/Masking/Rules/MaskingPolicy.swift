public import KubernetesWire
import NIOCore
import Synchronization

/// The masking rules in force: what comes with the gateway, the operator's additions and exceptions, and the keys.
///
/// What could tell of a masked value besides itself, and what was decided:
/// - Its length: every mask is as long as every other, and the caller is told the masked body's length only. The record
///   counts received bytes, as its completeness needs them; auditors may learn a body's length so.
/// - Digests: SHA-256 of a body with a short secret could be tried against guesses, so the record keys the digest of a
///   direction in which something was masked. The digest of what was delivered is plain.
/// - Equality: equal values have equal masks at the same place only (cluster, resource, namespace, name and field; in a log:
///   cluster, session and pod), under a key for callers and another for the record. The masks of what a caller may have said (an
///   answer to a write, an error, a request in the record) equal no others. Whoever may write the very field and read its mask
///   can try guesses one by one; each try is a recorded write of that object.
/// - `resourceVersion`, `uid` and times pass: they tell that an object changed, which every reader may know.
public final class MaskingPolicy: Sendable {
    private let configuration: MaskingConfiguration
    private let keys: MaskKeys
    private let known: Mutex<Known> = Mutex(Known())

    /// What was made before and is the same for every request of the kind.
    private struct Known {
        /// The detectors that are left when some are disabled, by the names of those.
        var detectors: [Set<String>: DetectorSet] = [:]
        var rules: [Kind: MaskingRules] = [:]
        /// Requests name what they like, also what no cluster has.
        static let limit = 1_000
    }

    /// What of a request the rules depend on.
    private struct Kind: Hashable {
        let apiGroup: String
        let resource: String
        let subresource: String
        let disabled: Set<String>
        let schema: CustomResourceSchema?
    }

    /// The detectors that come with the gateway, with the operator's own telling names.
    private let builtIn: [Detector]

    public init(_ configuration: MaskingConfiguration, keys: MaskKeys) {
        let own = configuration.tellingNames.isEmpty ? nil : TellingNames(own: configuration.tellingNames)
        builtIn = Detector.builtIn.map { detector in
            detector.shape == .named ? own.map { Detector($0) } ?? detector : detector
        }
        self.configuration = configuration
        self.keys = keys
    }

    /// The subresources through which callers connect, and may upgrade.
    public var connecting: ConnectSubresources { configuration.connecting }

    /// What is done with the bodies of a request.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - cluster: of which cluster.
    ///   - session: in which session.
    ///   - schema: what the cluster says of its resource.
    /// - Returns: the plan.
    public func plan(
        for request: RequestInfo, cluster: String, session: String, schema: CustomResourceSchema? = nil
    ) -> MaskingPlan {
        guard let form = MaskingPlan.Form(request) else { return open }
        var disabled: Set<String> = []
        for exception in configuration.exceptions where Self.matches(exception, request) {
            disabled.formUnion(exception.rules)
        }
        let rules = rules(request, disabled, schema)
        return MaskingPlan(
            form: form, rules: rules, patch: Self.patchFields, auditors: configuration.auditors,
            scope: Self.scope(request, form, cluster, session),
            copies: configuration.copies)
    }

    private static func scope(
        _ request: RequestInfo, _ form: MaskingPlan.Form, _ cluster: String, _ session: String
    ) -> MaskScope? {
        // What runs in a pod, or answers behind a proxy, may repeat a caller's guesses: its masks equal no others.
        if request.isConnect { return nil }
        if form == .text { return .text(cluster: cluster, session: session, request) }
        return !request.isMutation ? .objects(cluster: cluster, request) : nil
    }

    private func rules(
        _ request: RequestInfo, _ disabled: Set<String>, _ schema: CustomResourceSchema?
    ) -> MaskingRules {
        let kind = Kind(
            apiGroup: request.apiGroup, resource: request.resource, subresource: request.subresource,
            disabled: disabled, schema: schema)
        if let rules = known.withLock({ $0.rules[kind] }) { return rules }
        let rules = MaskingRules(
            fields: fields(request, disabled, schema), detectors: detectors(without: disabled), keys: keys)
        known.withLock { known in
            if known.rules.count >= Known.limit { known.rules.removeAll() }
            known.rules[kind] = rules
        }
        return rules
    }

    /// Keeps callers' secrets out of what the record says of requests, by all detectors.
    public var words: RecordedWords { RecordedWords(detectors(without: [])) }

    /// Text that belongs to no request, as it is recorded: masked is what a detector takes for a secret. The originals are
    /// not kept.
    public func record(_ text: String) -> MaskedText {
        var masker = TextMasker(detectors(without: []), keys.binding(to: .fresh()))
        let pieces = [masker.consume(ByteBuffer(string: text)), masker.finish()]
        return MaskedText(pieces.map { String(buffer: $0.recorded.bytes) }.joined())
    }

    private var open: MaskingPlan { MaskingPlan(form: .open, rules: nil, patch: nil, auditors: []) }

    private func fields(
        _ request: RequestInfo, _ disabled: Set<String>, _ schema: CustomResourceSchema?
    ) -> FieldTree {
        var tree = FieldTree()
        BuiltInFields.add(to: &tree, for: request, disabled: disabled)
        let configured = configuration.fields.filter {
            $0.resource == request.resource && $0.apiGroup ?? request.apiGroup == request.apiGroup
                && !disabled.contains($0.name)
        }
        for field in configured { tree.set(.mask(rule: field.name, .plain), at: field.path.steps) }
        let schemas =
            configuration.customResources.filter {
                $0.resource == request.resource && $0.apiGroup == request.apiGroup
            } + (schema.map { [$0] } ?? [])
        let passwords = disabled.contains(Self.password) ? [] : schemas.flatMap(\.passwordFields)
        for path in passwords { tree.set(.mask(rule: Self.password, .plain), at: path.steps) }
        // A table's cells have no names: where one shows such a field, all of them are masked.
        let masked = configured.map(\.path) + passwords
        if schemas.contains(where: { $0.shows(masked) }) {
            tree.set(
                .mask(rule: Self.password, .plain), at: [.member("rows"), .any, .member("cells"), .any])
        }
        return tree
    }

    private static let password = MaskingConfiguration.passwordFormat

    /// A JSON patch (RFC 6902) of an object that has masked fields: its values are masked, wherever they go.
    private static let patchFields: FieldTree = {
        var tree = FieldTree()
        tree.set(.mask(rule: "patch", .plain), at: [.any, .member("value")])
        return tree
    }()

    private func detectors(without disabled: Set<String>) -> DetectorSet {
        known.withLock { known in
            if let set = known.detectors[disabled] { return set }
            let set = DetectorSet(
                (builtIn + configuration.detectors).filter { !disabled.contains($0.name) })
            known.detectors[disabled] = set
            return set
        }
    }

    private static func matches(_ exception: MaskingConfiguration.Exception, _ request: RequestInfo) -> Bool {
        let resource = request.subresource.isEmpty ? request.resource : "\(request.resource)/\(request.subresource)"
        return (exception.resources.isEmpty || exception.resources.contains(resource))
            && (exception.namespaces.isEmpty || exception.namespaces.contains(request.namespace))
    }
}
