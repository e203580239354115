public import Vocabulary

/// A process that cannot be mistaken for a later one of the same number.
public struct ProcessIdentity: Hashable, Sendable {
    public let pid: Int32
    /// When it was started, in clock ticks since the machine's start.
    public let start: UInt64

    public init(pid: Int32, start: UInt64) {
        self.pid = pid
        self.start = start
    }
}

/// What a tool has told `byline hook` of one of its sessions.
public struct HookState: Hashable, Sendable {
    /// Names a session of a tool.
    public struct Key: Hashable, Sendable {
        public let tool: AITool
        public let session: String

        public init(tool: AITool, session: String) {
            self.tool = tool
            self.session = session
        }
    }

    /// A tool call that has begun and not ended.
    public struct OpenCall: Hashable, Sendable {
        public let id: String
        /// The sub-agent that makes it; nil for the session's own agent.
        public let agent: String?
    }

    /// More calls than this are not kept at a time.
    private static let callLimit = 64

    public let key: Key
    public private(set) var model: String?
    public private(set) var promptID: String?
    public private(set) var promptDigest: String?
    public private(set) var openCalls: [OpenCall] = []
    /// The tool's own process.
    public var owner: ProcessIdentity?

    public var tool: AITool { key.tool }
    public var session: String { key.session }

    public init(_ key: Key) { self.key = key }

    /// What it says of the byline. A tool call is named where it is the only one that is open: of several, none can be
    /// told to be the one that speaks.
    public var fields: [Byline.Field: String] {
        var fields: [Byline.Field: String] = [.agentName: tool.rawValue, .conversation: session]
        fields[.model] = model
        fields[.promptID] = promptID
        fields[.promptDigest] = promptDigest
        if let call = openCalls.first, openCalls.count == 1 {
            fields[.toolCall] = call.id
            fields[.agentID] = call.agent
        }
        return fields
    }

    /// Takes what a hook reported.
    ///
    /// - Parameters:
    ///   - report: the tool's JSON, read.
    ///   - digest: `sha256:HEX` of the prompt that the report holds.
    ///   - minted: the id of that prompt where the tool gives it none.
    public mutating func take(_ report: HookReport, promptDigest digest: String?, mintedID minted: String) {
        if let model = report.model { self.model = model }
        switch report.event {
        case .prompted:
            promptID = report.promptID ?? minted
            promptDigest = digest
            openCalls = []
        case .callBegan(let id):
            openCalls.removeAll { $0.id == id }
            openCalls = openCalls.suffix(Self.callLimit - 1) + [OpenCall(id: id, agent: report.agentID)]
        case .callEnded(let id): openCalls.removeAll { $0.id == id }
        case .turnEnded: openCalls = []
        case .other, .sessionEnded: break
        }
        if let id = report.promptID, id != promptID {
            // A prompt that was not seen when it was written: its text is not known.
            promptID = id
            promptDigest = nil
        }
    }
}

extension HookState {
    public var json: JSON {
        var members: [JSON.Member] = [
            .init("session", .string(session)), .init("tool", .string(tool.rawValue)),
        ]
        func add(_ name: String, _ value: String?) {
            if let value { members.append(.init(name, .string(value))) }
        }
        add("model", model)
        add("promptID", promptID)
        add("promptDigest", promptDigest)
        if let owner { members.append(.init("owner", ["pid": .integer(owner.pid), "start": .integer(owner.start)])) }
        let calls = openCalls.map { call -> JSON in
            var members: [JSON.Member] = [.init("id", .string(call.id))]
            if let agent = call.agent { members.append(.init("agent", .string(agent))) }
            return .object(members)
        }
        if !calls.isEmpty { members.append(.init("openCalls", .array(calls))) }
        return .object(members)
    }

    /// Reads it; nil where it names no tool and session.
    public init?(_ json: JSON) {
        guard let session = json["session"]?.string, let tool = json["tool"]?.string.flatMap(AITool.init(rawValue:))
        else { return nil }
        key = Key(tool: tool, session: session)
        model = json["model"]?.string
        promptID = json["promptID"]?.string
        promptDigest = json["promptDigest"]?.string
        openCalls = (json["openCalls"]?.array ?? []).compactMap { call in
            call["id"]?.string.map { OpenCall(id: $0, agent: call["agent"]?.string) }
        }
        if let pid = json["owner"]?["pid"]?.integer, let start = json["owner"]?["start"]?.integer,
            let pid = Int32(exactly: pid), let start = UInt64(exactly: start)
        {
            owner = ProcessIdentity(pid: pid, start: start)
        }
    }
}
