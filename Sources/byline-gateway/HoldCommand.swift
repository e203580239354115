import ArgumentParser
import Gateway
import LocalState
import Recording
import Vocabulary

/// `byline-gateway hold`.
struct HoldCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "keep a session's record, whatever the retention says",
        discussion: """
            Retention removes no segment in which anything of a session under legal hold stands. A running gateway heeds a \
            hold from the moment it is placed.

              byline-gateway hold s-3f9c --journal /var/lib/byline-gateway/journal
              byline-gateway hold --list --journal /var/lib/byline-gateway/journal
              byline-gateway hold s-3f9c --release --journal /var/lib/byline-gateway/journal
            """)

    @Argument(help: ArgumentHelp("the session", valueName: "session"))
    var session: String?

    @Option(help: ArgumentHelp("the journal's folder", valueName: "dir"))
    var journal: String

    @Flag(help: "release the hold")
    var release = false

    @Flag(help: "list what is under hold")
    var list = false

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("text or json, of the list", valueName: "format"))
    var output = Format.text

    func validate() throws {
        guard list ? session == nil && !release : session != nil else {
            throw ValidationError("name a session, or ask for the --list")
        }
    }

    func run() throws {
        let journal = JournalPlace.folder(journal)
        do throws(RecordingFault) { try JournalPlace.mustHold(journal) } catch { throw JournalFault.recording(error) }
        let holds = LegalHolds(journal: journal)
        guard let session else { return try show(holds) }
        guard let id = SessionID(session) else { throw ValidationError("\"\(session)\" is no session's id") }
        do {
            if release {
                guard try holds.release(id) else { throw JournalFault.notHeld(session: session) }
                return Standard.output("\(session) is no longer under legal hold\n")
            }
            guard try holds.isRecorded(id) else { throw JournalFault.notRecorded(session: session) }
            try holds.place(id, by: LoginName.own(), at: .now())
            Standard.output("\(session) is under legal hold\n")
        } catch let fault as RecordingFault { throw JournalFault.recording(fault) }
    }

    private func show(_ holds: LegalHolds) throws {
        let all: [LegalHolds.Hold]
        do throws(RecordingFault) { all = try holds.all() } catch { throw JournalFault.recording(error) }
        guard output == .json else {
            for hold in all { Standard.output("\(hold.session)  since \(hold.since), by \(hold.by)\n") }
            return
        }
        let holds = all.map { hold -> JSON in
            ["by": .string(hold.by), "session": .string("\(hold.session)"), "since": .string(hold.since)]
        }
        let json: JSON = ["holds": .array(holds)]
        Standard.output(String(decoding: json.canonicalBytes, as: UTF8.self) + "\n")
    }
}
