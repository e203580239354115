import LocalState
import Synchronization
public import Tagging

/// What is known at every moment, for a program that lives long: the files are looked at each time, and read where one has
/// changed.
public final class LiveContext: Sendable {
    private struct State {
        var files: WatchedFiles
        var paths: [String]
        var context: AgentContext
    }

    /// How often the files may turn out to be others than those that were watched, before the reading is taken as it is.
    private static let attempts = 4

    private let reader: ContextReader
    private let state: Mutex<State>

    public init(_ reader: ContextReader) {
        self.reader = reader
        state = Mutex(Self.look(reader, at: []))
    }

    public var current: AgentContext {
        state.withLock { state in
            if state.files.haveChanged() { state = Self.look(reader, at: state.paths) }
            return state.context
        }
    }

    /// The files are looked at before they are read: a change in between is seen the next time.
    private static func look(_ reader: ContextReader, at paths: [String]) -> State {
        var paths = paths
        for _ in 1..<attempts {
            let files = WatchedFiles(paths)
            let (context, named) = reader.readNaming()
            if named == paths { return State(files: files, paths: paths, context: context) }
            paths = named
        }
        return State(files: WatchedFiles(paths), paths: paths, context: reader.read())
    }
}
