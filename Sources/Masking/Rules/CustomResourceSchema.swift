/// What a CustomResourceDefinition says of a custom resource's fields, as far as masking asks.
public struct CustomResourceSchema: Hashable, Sendable {
    public let apiGroup: String
    public let resource: String
    /// The fields whose `format` is `password`.
    public let passwordFields: [FieldPath]
    /// The fields that `kubectl get` shows in a table's cells.
    public let columns: [FieldPath]

    public init(apiGroup: String, resource: String, passwordFields: [FieldPath] = [], columns: [FieldPath] = []) {
        self.apiGroup = apiGroup
        self.resource = resource
        self.passwordFields = passwordFields
        self.columns = columns
    }

    /// True where a column shows one of these fields, or what it is in, or a part of it.
    func shows(_ fields: [FieldPath]) -> Bool { columns.contains { column in fields.contains { $0.overlaps(column) } } }
}
