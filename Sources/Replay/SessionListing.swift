import Vocabulary

/// `byline sessions` for a person: one line a session, newest first.
public struct SessionListing {
    private let sessions: [RecordedSession]

    public init(_ sessions: [RecordedSession]) { self.sessions = sessions }

    public func text(_ style: TextStyle) -> String {
        guard !sessions.isEmpty else { return "no sessions recorded yet\n" }
        var table = TextTable()
        table.add(
            ["SESSION", "STARTED", "WHO", "MODEL", "PROMPT", "EXCHANGES", "NOTE"].map {
                TextTable.Cell(text: $0, dress: style.bold)
            })
        for session in sessions {
            table.add([
                .init(text: TerminalText.safe(session.id)),
                .init(text: session.first?.rfc3339(fractionDigits: 0) ?? "-"),
                .init(text: TerminalText.safe(session.username)),
                .init(text: session.byline.text(.model)),
                .init(text: session.byline.text(.promptID)),
                .init(text: String(session.exchanges)),
                .init(text: SessionNotes.text(session), dress: style.doubtful),
            ])
        }
        return table.text()
    }
}

/// What of a session deserves a second look.
enum SessionNotes {
    static func text(_ session: RecordedSession) -> String {
        let notes = [(session.denied, "denied"), (session.failed, "failed"), (session.unknown, "of unknown end")]
        return notes.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
