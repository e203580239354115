import Authorization
import Vocabulary

/// Reads a policy: `rules` in the configuration itself, or in a file of their own.
enum PolicyReading {
    /// The policy, and the file of its own that it stands in.
    static func policy(_ section: ConfigurationSection) -> (policy: Policy, file: String?)? {
        defer { section.finish() }
        let file = section.path("file")
        let rules = section.sections("rules")
        switch (file, rules) {
        case (let file?, nil): return policy(inFile: file, section.reader).map { ($0, file.value) }
        case (nil, let rules?): return policy(rules, section.reader).map { ($0, nil) }
        default:
            section.reader.fault(
                .inconsistent("a policy needs either \"rules\" or the \"file\" that holds them"), at: section.place)
            return nil
        }
    }

    private static func policy(inFile file: Located<String>, _ outer: ConfigurationReader) -> Policy? {
        let reader = ConfigurationReader(file: file.value)
        defer { outer.take(reader.faults) }
        guard let root = reader.root() else { return nil }
        defer { root.finish() }
        return root.required("rules", root.sections("rules")).flatMap { policy($0, reader) }
    }

    private static func policy(_ sections: [ConfigurationSection], _ reader: ConfigurationReader) -> Policy? {
        var names: Set<String> = [Policy.noMatch]
        let rules = sections.compactMap { section -> Rule? in
            guard let rule = rule(section) else { return nil }
            if !names.insert(rule.name).inserted {
                reader.fault(.duplicate(rule.name, kind: "rule"), at: section.place)
            }
            return rule
        }
        return Policy(rules: rules)
    }

    private static func rule(_ section: ConfigurationSection) -> Rule? {
        defer { section.finish() }
        let name = section.required("name", section.text("name"))
        let effect: Decision.Effect? = section.required("effect", section.choice("effect"))
        var rule = Rule(name: name?.value ?? "", effect: effect ?? .deny)
        if let part = section.section("subjects") {
            rule.subjects = subjects(part)
            part.finish()
        }
        rule.clusters = globs(section, "clusters")
        rule.verbs = globs(section, "verbs")
        rule.apiGroups = globs(section, "apiGroups")
        rule.resources = texts(section, "resources").map(ResourcePattern.init)
        rule.namespaces = globs(section, "namespaces")
        rule.names = globs(section, "names")
        rule.nonResourceURLs = globs(section, "nonResourceURLs")
        if let part = section.section("byline") { rule.byline = byline(part) }
        return name == nil || effect == nil ? nil : rule
    }

    /// Reads `users`, `groups` and `issuers`; the section is the caller's to finish.
    static func subjects(_ section: ConfigurationSection) -> Rule.Subjects {
        let subjects = Rule.Subjects(
            users: globs(section, "users"), groups: globs(section, "groups"), issuers: globs(section, "issuers"))
        if subjects.users.isEmpty, subjects.groups.isEmpty, subjects.issuers.isEmpty {
            section.reader.fault(
                .inconsistent("name users, groups or issuers here; for everyone write users: [\"*\"]"),
                at: section.place)
        }
        return subjects
    }

    private static func byline(_ section: ConfigurationSection) -> Rule.BylineConditions {
        defer { section.finish() }
        return Rule.BylineConditions(
            required: fields(section, "require"), attested: fields(section, "attested"),
            models: globs(section, "models"), agents: globs(section, "agents"))
    }

    private static func fields(_ section: ConfigurationSection, _ key: String) -> [Byline.Field] {
        (section.texts(key) ?? []).compactMap { name in
            if let field = Byline.Field(named: name.value) { return field }
            section.reader.fault(
                .unknownName(
                    name.value, kind: "field of a byline", known: Byline.Field.allCases.map(\.shortName).sorted()),
                at: name.place)
            return nil
        }
    }

    /// A list that is there must name something: an empty one would read as "none" and match everything.
    private static func texts(_ section: ConfigurationSection, _ key: String) -> [String] {
        guard let texts = section.texts(key) else { return [] }
        if texts.isEmpty {
            section.reader.fault(
                .inconsistent("\"\(key)\" is an empty list; leave it out for everything, or name something"),
                at: section.place)
        }
        return texts.map(\.value)
    }

    private static func globs(_ section: ConfigurationSection, _ key: String) -> [Glob] {
        texts(section, key).map(Glob.init)
    }
}
