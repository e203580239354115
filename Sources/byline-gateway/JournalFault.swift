import Gateway
import LocalState
import Recording

/// Why a command cannot do something with a journal.
enum JournalFault: Advised {
    case recording(RecordingFault)
    case notRecorded(session: String)
    case notHeld(session: String)
    case unreadableIdentity(FileFault)
    case noIdentity(path: String, isPublicKey: Bool)

    var advice: Advice {
        switch self {
        case .recording(.notAJournal(let path)):
            Advice("\(path) is no journal", hint: "name the folder \"journal\" in the gateway's state folder")
        case .recording(.inUse(let folder)):
            Advice("a gateway writes the journal in \(folder)", hint: "stop it first, or leave out --repair")
        case .recording(.file(let fault)) where fault.isMissing:
            Advice("there is no journal: \(fault)", hint: "name the folder \"journal\" in the gateway's state folder")
        case .recording(let fault):
            Advice("the journal cannot be read: \(fault)", hint: "read it as the user who runs the gateway")
        case .notRecorded(let session):
            Advice(
                "nothing of the session \"\(session)\" is in this journal",
                hint: "list the sessions with: byline sessions")
        case .notHeld(let session):
            Advice(
                "the session \"\(session)\" is not under legal hold",
                hint: "see what is with: byline-gateway hold --list --journal DIR")
        case .unreadableIdentity(let fault):
            Advice("the identity cannot be read: \(fault)", hint: "name the auditor's key file with --identity")
        case .noIdentity(let path, let isPublicKey):
            Advice(
                "\(path) is no auditor's identity" + (isPublicKey ? " but its public key" : ""),
                hint: "name the file that byline-gateway keys generate auditor has written")
        }
    }
}

/// A journal that a person names.
enum JournalPlace {
    /// The folder, without slashes at its end.
    static func folder(_ text: String) -> String {
        var text = text[...]
        while text.count > 1, text.last == "/" { text = text.dropLast() }
        return String(text)
    }

    /// Fails where there is no journal.
    static func mustHold(_ folder: String) throws(RecordingFault) {
        var reader = JournalReader(folder: folder)
        guard try reader.next() != nil else { throw .notAJournal(path: folder) }
    }
}
