import Masking
import YAMLReading

/// The fields of custom resources that their definitions' schemas call passwords (`format: password`).
enum PasswordFields {
    /// Schemas nest no deeper than the API server lets them.
    private static let maximumDepth = 64

    /// Reads manifests of CustomResourceDefinitions, alone or in a List, in YAML or JSON; what else is among them is passed over.
    static func read(_ bytes: [UInt8]) throws(YAMLFault) -> [MaskingConfiguration.Field] {
        var fields: [MaskingConfiguration.Field] = []
        for document in MaskCheck.documents(bytes) {
            guard let node = try YAMLNode.read(document) else { continue }
            for definition in node["items"]?.elements ?? [node] { fields += self.fields(of: definition) }
        }
        return fields
    }

    private static func fields(of definition: YAMLNode) -> [MaskingConfiguration.Field] {
        guard let spec = definition["spec"], let group = spec["group"]?.text,
            let resource = spec["names"]?["plural"]?.text
        else { return [] }
        var paths: [FieldPath] = []
        for version in spec["versions"]?.elements ?? [] {
            guard let schema = version["schema"]?["openAPIV3Schema"] else { continue }
            find(in: schema, at: .whole, depth: 0, &paths)
        }
        return paths.map { path in
            MaskingConfiguration.Field(
                name: MaskingConfiguration.passwordFormat, apiGroup: group, resource: resource, path: path)
        }
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
