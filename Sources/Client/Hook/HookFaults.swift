public import LocalState
public import Tagging
public import Vocabulary

/// The faults that hooks left behind: the last of each tool, and how often there was one since.
public struct HookFaults: Sendable {
    public struct Entry: Sendable {
        public let tool: AITool
        public let time: Timestamp
        public let sentence: String
        public let count: Int
    }

    private let folder: String

    /// - Parameter state: the person's state folder.
    public init(state: String) { folder = StateFolders.hookFaults(inPerson: state) }

    private func path(_ tool: AITool) -> String { "\(folder)/\(tool.rawValue).json" }

    /// What is known of a tool's hooks; nil where all went well.
    public func last(of tool: AITool) -> Entry? {
        guard let json = try? JSON(parsing: PrivateFile.read(path(tool))), let sentence = json["sentence"]?.string,
            let time = json["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        return Entry(tool: tool, time: time, sentence: sentence, count: json["count"]?.integer ?? 1)
    }

    /// Adds a fault. Two at the same moment may be counted as one.
    func add(_ sentence: String, from tool: AITool) throws(FileFault) {
        let count = (last(of: tool)?.count ?? 0) + 1
        let json: JSON = [
            "count": .integer(count), "sentence": .string(sentence), "time": .string(Timestamp.now().description),
        ]
        try PrivateFile.makeFolder(folder)
        try PrivateFile.replaceAtomically(path(tool), with: json.canonicalBytes)
    }

    /// Forgets a tool's faults.
    public func clear(_ tool: AITool) throws(FileFault) { try PrivateFile.remove(path(tool)) }
}
