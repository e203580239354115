public import KubernetesWire

/// What an operator adds to the rules that come with the gateway, and takes away from them.
public struct MaskingConfiguration: Sendable {
    /// A field that is masked whatever its value.
    public struct Field: Sendable {
        public let name: String
        /// nil for any.
        public let apiGroup: String?
        public let resource: String
        public let path: FieldPath

        public init(name: String, apiGroup: String?, resource: String, path: FieldPath) {
            self.name = name
            self.apiGroup = apiGroup
            self.resource = resource
            self.path = path
        }
    }

    /// Where rules are not applied. What is empty means everything.
    public struct Exception: Sendable {
        public let rules: [String]
        public let resources: [String]
        public let namespaces: [String]

        public init(rules: [String], resources: [String], namespaces: [String]) {
            self.rules = rules
            self.resources = resources
            self.namespaces = namespaces
        }
    }

    /// What becomes of files that are copied out of a pod, as `kubectl cp` does with a tar that it runs there. A mask is longer
    /// or shorter than what it stands for and would break the archive; one of the same length would give the caller a file
    /// that is silently another. So a copy is the one way to read a file unmasked, and it is an operator's to open.
    public enum Copies: String, CaseIterable, Sendable {
        /// What an exec of tar writes passes as it is, as long as it is an archive; what comes behind that, and an archive that
        /// another command writes, is masked as any output. Its record is masked, and says so.
        case pass
        /// An exec of a tar that writes an archive to its output is refused, and an archive that another command writes is
        /// masked as any output.
        case deny
    }

    /// The rule of the fields that a custom resource's schema calls passwords.
    public static let passwordFormat = "password-format"

    public var detectors: [Detector] = []
    /// Words of the operator's own, in letters and digits: what ends with one is as telling a name as `password` is.
    public var tellingNames: [String] = []
    /// The operator's own.
    public var fields: [Field] = []
    /// What files say of custom resources.
    public var customResources: [CustomResourceSchema] = []
    public var exceptions: [Exception] = []
    public var copies = Copies.deny
    /// The subresources through which callers connect, and may upgrade.
    public var connecting = ConnectSubresources.builtIn
    /// To whom the originals are sealed; without any they are not kept.
    public var auditors: [AuditorKey] = []

    public init() {}

    /// The names of all rules: those that come with the gateway and the operator's own.
    public var ruleNames: [String] {
        BuiltInFields.names + [Self.passwordFormat] + (Detector.builtIn + detectors).map(\.name) + fields.map(\.name)
    }
}
