public import LocalState
public import Tagging
import Vocabulary

/// A file of what `byline context set` keeps: the person's, or that of a run.
public struct ContextStore: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// The file; an empty one where there is none.
    public func load() throws(FileFault) -> ContextFile {
        do throws(FileFault) {
            let bytes = try PrivateFile.read(path)
            guard let file = (try? JSON(parsing: bytes)).flatMap(ContextFile.init) else {
                throw FileFault("understand", path, .system(errno: 22))
            }
            return file
        } catch {
            if error.isMissing { return ContextFile() }
            throw error
        }
    }

    /// Changes it, atomically.
    public func update(_ change: (inout ContextFile) -> Void) throws(FileFault) {
        try PrivateFile.makeFolder(Path.folder(of: path))
        var file = try load()
        let before = file
        change(&file)
        if file != before { try PrivateFile.replaceAtomically(path, with: file.json.canonicalBytes) }
    }
}
