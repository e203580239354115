import Recording

extension RecoveryReport {
    /// What opening the journal found, for the person who starts a gateway; empty after a clean end.
    var sentences: String {
        var text = ""
        if let torn = tornTail {
            text +=
                "journal: cut \(torn.bytesCut) bytes of an unfinished frame off \(torn.segment), at byte \(torn.offset)\n"
        }
        if wasCrash { text += "journal: the last run ended without closing it\n" }
        if !unknown.isEmpty {
            text += "journal: \(unknown.count) exchanges were under way then; their outcome reads unknown\n"
        }
        return text
    }
}
