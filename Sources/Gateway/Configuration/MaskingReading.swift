import KubernetesWire
import LocalState
import Masking

/// Reads `masking`.
enum MaskingReading {
    static func masking(
        _ section: ConfigurationSection?
    ) -> (rules: MaskingConfiguration, keyFile: Located<String>?, files: [String]?) {
        var rules = MaskingConfiguration()
        guard let section else { return (rules, nil, nil) }
        defer { section.finish() }
        let keyFile = section.path("keyFile")
        rules.copies = section.choice("copies") ?? rules.copies
        rules.connecting = ConnectSubresources(
            adding: section.texts("connectSubresources")?.compactMap { text in
                if let name = ConnectSubresources.Name(text.value) { return name }
                section.reader.fault(
                    .expected("a list such as [widgets.example.com/shell]", forKey: "connectSubresources"),
                    at: text.place)
                return nil
            } ?? [])
        rules.tellingNames =
            section.texts("tellingNames")?.compactMap { word in
                let letters = word.value.utf8.count { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
                if letters >= 3, letters <= 64 { return word.value }
                section.reader.fault(
                    .expected("a list of words with 3 to 64 letters or digits each", forKey: "tellingNames"),
                    at: word.place)
                return nil
            } ?? []
        let taken = rules.ruleNames
        rules.detectors = section.sections("detectors")?.compactMap(detector) ?? []
        rules.fields = section.sections("fields")?.compactMap(field) ?? []
        var names = Set(taken)
        for name in rules.detectors.map(\.name) + rules.fields.map(\.name) where !names.insert(name).inserted {
            section.reader.fault(.duplicate(name, kind: "masking rule"), at: section.place)
        }
        rules.auditors =
            section.texts("sealTo")?.compactMap { text in
                if let key = AuditorKey(text.value) { return key }
                section.reader.fault(
                    .expected("a list of keys as byline-gateway keys generate auditor prints them", forKey: "sealTo"),
                    at: text.place)
                return nil
            } ?? []
        let known = rules.ruleNames
        rules.exceptions = section.sections("exceptions")?.compactMap { exception($0, known: known) } ?? []
        let files = section.texts("customResourceDefinitions")?.map { $0.map(section.reader.resolve) }
        for file in files ?? [] { rules.customResources += customResources(file, section) }
        return (rules, keyFile, files?.map(\.value))
    }

    private static func customResources(
        _ file: Located<String>, _ section: ConfigurationSection
    ) -> [CustomResourceSchema] {
        let cause: String
        do {
            return try CustomResourceDefinitions.read(try PrivateFile.readShared(file.value))
        } catch { cause = "\(error)" }
        section.reader.fault(.badFile(path: file.value, cause: cause), at: file.place)
        return []
    }

    private static func detector(_ section: ConfigurationSection) -> Detector? {
        defer { section.finish() }
        let name = section.required("name", section.text("name"))
        let prefix = section.required(
            "prefix",
            section.scalar("prefix", expected: "three visible ASCII characters or more") { text in
                text.utf8.count >= 3 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
            })
        let characters: ByteClass = section.choice("characters") ?? .alphanumeric
        let length = section.required(
            "length", section.scalar("length", expected: "a length such as 40, or a range such as 20-40", length))
        guard let name, let prefix, let length else { return nil }
        return Detector(name: name.value, prefix: prefix.value, characters: characters, length: length.value)
    }

    private static func length(_ text: String) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 1, first <= last,
            last <= 65_536
        else { return nil }
        return first...last
    }

    private static func field(_ section: ConfigurationSection) -> MaskingConfiguration.Field? {
        defer { section.finish() }
        let name = section.required("name", section.text("name"))
        let apiGroup = section.scalar("apiGroup", expected: "text") { $0 }
        let resource = section.required("resource", section.text("resource"))
        let path = section.required(
            "path",
            section.scalar("path", expected: "a path such as .spec.users[*].pin", FieldPath.init))
        guard let name, let resource, let path else { return nil }
        return MaskingConfiguration.Field(
            name: name.value, apiGroup: apiGroup?.value, resource: resource.value, path: path.value)
    }

    /// In place of the rules' names: all of them.
    private static let every = "*"

    private static func exception(
        _ section: ConfigurationSection, known: [String]
    ) -> MaskingConfiguration.Exception? {
        defer { section.finish() }
        let rules = section.required("rules", section.texts("rules")) ?? []
        for rule in rules where rule.value != every && !known.contains(rule.value) {
            section.reader.fault(.unknownName(rule.value, kind: "masking rule", known: known), at: rule.place)
        }
        return MaskingConfiguration.Exception(
            rules: rules.contains { $0.value == every } ? known : rules.map(\.value),
            resources: section.texts("resources")?.map(\.value) ?? [],
            namespaces: section.texts("namespaces")?.map(\.value) ?? [])
    }
}
