public import Vocabulary

/// What a request asks for beside its object: whether it is a trial, who is to manage the fields, what becomes of dependents.
/// Kubernetes takes it from the query and, of a deletion, from a `DeleteOptions` in the body too.
public struct RequestOptions: Hashable, Sendable {
    private static let names = [
        "dryRun", "fieldManager", "fieldValidation", "force", "gracePeriodSeconds", "orphanDependents",
        "propagationPolicy",
    ]
    private static let longestBody = 64 << 10

    /// By name, in the order of the names; `patchType` for a patch.
    public private(set) var values: [(name: String, value: JSON)] = []

    public static func == (left: RequestOptions, right: RequestOptions) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        for (name, value) in values {
            hasher.combine(name)
            hasher.combine(value)
        }
    }

    /// Reads them.
    ///
    /// - Parameters:
    ///   - info: the request.
    ///   - query: its query, as it came.
    ///   - contentType: of its body.
    ///   - body: its body, where all of it is there.
    public init(info: RequestInfo, query: String?, contentType: String?, body: [UInt8]?) {
        guard info.isResourceRequest, info.isMutation, !info.isConnect else { return }
        var found: [String: JSON] = [:]
        if info.verb == "delete" || info.verb == "deletecollection", let body, let options = Self.deleteOptions(body) {
            for name in Self.names { found[name] = options[name] }
        }
        // The API server takes the query's options before those of the body.
        for field in query.flatMap({ FormFields(parsing: $0) })?.fields ?? [] where Self.names.contains(field.name) {
            let known = field.name == "dryRun" ? found[field.name]?.array ?? [] : []
            found[field.name] = field.name == "dryRun" ? .array(known + [.string(field.value)]) : .string(field.value)
        }
        if info.verb == "patch", let contentType {
            found["patchType"] = .string(String(contentType.prefix { $0 != ";" }))
        }
        values = found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func deleteOptions(_ body: [UInt8]) -> JSON? {
        guard !body.isEmpty, body.count <= longestBody else { return nil }
        if let object = ProtobufObject(body) { return object.json }
        return try? JSON(parsing: body)
    }
}
