import ContextReading
import LocalState
import Tagging
public import Vocabulary

/// `byline context set` and `clear`: what a person or a script says of who writes, for the run that it is part of, else
/// for everything that the person runs.
public struct SettingContext: Sendable {
    private let store: ContextStore
    /// True where it holds for one run only.
    public let isOfRun: Bool

    /// - Throws: `ClientFault.noStateFolder` where the environment names none.
    public init(_ environment: Environment) throws(ClientFault) {
        if let run = environment.runContext {
            store = ContextStore(path: run)
            isOfRun = true
        } else {
            guard let state = StateFolders.person(environment: environment.variables) else { throw .noStateFolder }
            store = ContextStore(path: StateFolders.context(inPerson: state))
            isOfRun = false
        }
    }

    /// Sets fields, and leaves the others as they are. A new prompt's digest is not the old one's: it goes, unless it is
    /// set as well.
    public func set(_ fields: [Byline.Field: String]) throws(ClientFault) {
        try update { file in
            if let id = fields[.promptID], id != file.fields[.promptID] { file.fields[.promptDigest] = nil }
            file.fields.merge(fields) { _, new in new }
        }
    }

    /// Forgets these fields, or all where none is named.
    public func clear(_ fields: [Byline.Field]) throws(ClientFault) {
        try update { file in
            if fields.isEmpty { file.fields = [:] }
            for field in fields { file.fields[field] = nil }
        }
    }

    private func update(_ change: (inout ContextFile) -> Void) throws(ClientFault) {
        do throws(FileFault) { try store.update(change) } catch { throw .file(error) }
    }
}
