public import Vocabulary

/// What `byline context set` keeps, for a person or for one run; in a run also the options that it was started with, and
/// the session whose hook spoke last in it.
public struct ContextFile: Hashable, Sendable {
    /// What was set.
    public var fields: [Byline.Field: String] = [:]
    /// The options of the run.
    public var flags: [Byline.Field: String] = [:]
    public var hook: HookState.Key?

    public init() {}

    public var json: JSON {
        var members: [JSON.Member] = []
        if !fields.isEmpty { members.append(.init("fields", Self.json(fields))) }
        if !flags.isEmpty { members.append(.init("flags", Self.json(flags))) }
        if let hook {
            members.append(.init("hook", ["session": .string(hook.session), "tool": .string(hook.tool.rawValue)]))
        }
        return .object(members)
    }

    /// Reads it; fields that this version does not know are passed over. Nil where it is no object.
    public init?(_ json: JSON) {
        guard json.members != nil else { return nil }
        fields = Self.fields(json["fields"])
        flags = Self.fields(json["flags"])
        if let hook = json["hook"], let session = hook["session"]?.string,
            let tool = hook["tool"]?.string.flatMap(AITool.init(rawValue:))
        {
            self.hook = HookState.Key(tool: tool, session: session)
        }
    }

    private static func json(_ fields: [Byline.Field: String]) -> JSON {
        .object(
            fields.map { JSON.Member($0.key.rawValue, .string($0.value)) }.sorted { $0.name < $1.name })
    }

    private static func fields(_ json: JSON?) -> [Byline.Field: String] {
        var fields: [Byline.Field: String] = [:]
        for member in json?.members ?? [] {
            if let field = Byline.Field(rawValue: member.name) { fields[field] = member.value.string }
        }
        return fields
    }
}
