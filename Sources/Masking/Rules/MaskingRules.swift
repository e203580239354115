/// All that decides what of a body is masked: the fields by their place, the detectors, and the keys.
final class MaskingRules: Sendable {
    let fields: FieldTree
    let detectors: DetectorSet
    let keys: MaskKeys
    /// True where nothing is masked for its place alone.
    let isPlain: Bool
    /// What members' names say: nothing, where "named-value" is disabled.
    let names: MemberNames

    init(fields: FieldTree, detectors: DetectorSet, keys: MaskKeys) {
        self.fields = fields
        self.detectors = detectors
        self.keys = keys
        isPlain = fields.isPlain
        names = MemberNames(detectors.names)
    }
}
