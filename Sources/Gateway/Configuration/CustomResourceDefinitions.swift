import Masking
import YAMLReading

/// Reads manifests of CustomResourceDefinitions.
enum CustomResourceDefinitions {
    /// Schemas nest no deeper than the API server lets them.
    private static let maximumDepth = 64

    /// Reads them alone or in a List, in YAML or JSON; what else is among them is passed over.
    static func read(_ bytes: [UInt8]) throws(YAMLFault) -> [CustomResourceSchema] {
        var schemas: [CustomResourceSchema] = []
        for document in MaskCheck.documents(bytes) {
            guard let node = try YAMLNode.read(document) else { continue }
            schemas += (node["items"]?.elements ?? [node]).compactMap(schema)
        }
        return schemas
    }

    private static func schema(of definition: YAMLNode) -> CustomResourceSchema? {
        guard let spec = definition["spec"], let group = spec["group"]?.text,
            let resource = spec["names"]?["plural"]?.text
        else { return nil }
        var (fields, columns): ([FieldPath], [FieldPath]) = ([], [])
        for version in spec["versions"]?.elements ?? [] {
            for column in version["additionalPrinterColumns"]?.elements ?? [] {
                column["jsonPath"]?.text.map { columns.append(Self.column($0)) }
            }
            guard let schema = version["schema"]?["openAPIV3Schema"] else { continue }
            find(in: schema, at: .whole, depth: 0, &fields)
        }
        return CustomResourceSchema(apiGroup: group, resource: resource, passwordFields: fields, columns: columns)
    }

    /// The path of a column; of one that filters or counts the path up to there.
    private static func column(_ jsonPath: String) -> FieldPath {
        FieldPath(jsonPath) ?? FieldPath(String(jsonPath.prefix { $0 != "[" })) ?? .whole
    }

    private static func find(in schema: YAMLNode, at path: FieldPath, depth: Int, _ paths: inout [FieldPath]) {
        guard depth < maximumDepth else { return }
        if schema["format"]?.text == "password", path != .whole, !paths.contains(path) { paths.append(path) }
        for property in schema["properties"]?.entries ?? [] {
            find(in: property.value, at: path.member(property.key), depth: depth + 1, &paths)
        }
        for key in ["items", "additionalProperties"] {
            if let part = schema[key] { find(in: part, at: path.each, depth: depth + 1, &paths) }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key]?.elements ?? [] { find(in: part, at: path, depth: depth + 1, &paths) }
        }
    }
}
