import ArgumentParser
import Foundation
import Gateway
import LocalState
import Masking
import RecordIndex
import Recording
import Vocabulary

/// `byline-gateway fsck`.
struct FsckCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "check a journal from its first byte to its last",
        discussion: """
            Derives anew everything that a journal says of itself: frames and checksums, digests and totals of bodies, the \
            order of frames, the sealed segments and what they share. Says what is wrong, where, and what is still good. \
            Nothing is changed without --repair, and with it only a torn tail, as a crash leaves it, is cut, and the index \
            beside a clean journal is made anew. With an auditor's --identity the originals' seals are opened too, and said of \
            each that cannot be. Exit code 0: the journal is clean.

              byline-gateway fsck /var/lib/byline-gateway/journal
              byline-gateway fsck /var/lib/byline-gateway/journal --identity auditor.key
              byline-gateway fsck /var/lib/byline-gateway/journal -o json
            """)

    @Argument(help: ArgumentHelp("the journal's folder", valueName: "dir"))
    var folder: String

    @Flag(help: "cut a torn tail; the gateway must not run")
    var repair = false

    @Option(help: ArgumentHelp("open the originals' seals with an auditor's identity", valueName: "file"))
    var identity: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("text or json", valueName: "format"))
    var output = Format.text

    func run() throws {
        let identity = try identity.map(Self.readIdentity)
        let report: JournalCheckReport
        do throws(RecordingFault) {
            report = try JournalCheck.run(JournalPlace.folder(folder), repair: repair, identity: identity)
        } catch { throw JournalFault.recording(error) }
        switch output {
        case .json: Standard.output(String(decoding: report.json.canonicalBytes, as: UTF8.self) + "\n")
        case .text: Standard.output(report.text)
        }
        if !report.isClean { throw ExitCode(1) }
        if repair, !report.isInUse { try rebuildIndex() }
    }
}

extension FsckCommand {
    private static func readIdentity(_ path: String) throws(JournalFault) -> AuditorIdentity {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.read(path) } catch { throw .unreadableIdentity(error) }
        guard let identity = AuditorIdentity(file: bytes) else {
            throw .noIdentity(path: path, isPublicKey: AuditorKey(file: bytes) != nil)
        }
        return identity
    }

    /// Makes the index beside the journal anew, where there is one.
    private func rebuildIndex() throws {
        let journal = Path.absolute(JournalPlace.folder(folder))
        let index = "\(Path.folder(of: journal))/index"
        guard FileManager.default.fileExists(atPath: index) else { return }
        let count: Int
        do throws(IndexFault) { count = try RecordIndex.rebuild(folder: index, journal: journal) } catch {
            throw ServeFault.index(error)
        }
        if output == .text { Standard.output("index      made anew: \(count) exchanges\n") }
    }
}

extension JournalCheckReport {
    /// What was found, for a person: a line for each segment that is not whole, one for each problem, the totals.
    fileprivate var text: String {
        var text = ""
        if let cut {
            text += "cut \(cut.bytesCut) bytes of an unfinished frame off \(cut.segment), at byte \(cut.offset)\n"
        }
        for problem in problems {
            text += problem.file
            if let offset = problem.offset { text += " at byte \(offset)" }
            if let exchange = problem.exchange { text += ", exchange \(exchange)" }
            text += ": \(problem.what)\n"
        }
        if furtherProblems > 0 { text += "and \(furtherProblems) further problems\n" }
        for segment in segments where segment.goodLength < segment.length {
            text +=
                "\(segment.file): good up to byte \(segment.goodLength) of \(segment.length): \(segment.frames) frames\n"
        }
        let sealed = segments.count { $0.isSealed }
        let length = segments.reduce(0) { $0 + $1.length }
        let onDisk = segments.reduce(0) { $0 + $1.lengthOnDisk } + pieces.bytes
        text += """
            segments   \(segments.count), sealed \(sealed); \(length) bytes as written, \(onDisk) on disk
            frames     \(segments.reduce(0) { $0 + $1.frames })
            exchanges  \(exchanges.closed) closed (\(exchanges.unknown) with an unknown end), \(exchanges.open) open
            bodies     \(exchanges.bodiesVerified) exchanges verified by digest; \(pieces.count) pieces stored once
            streams    \(exchanges.streamsVerified) upgraded connections verified by each channel's digest

            """
        if let seals {
            text +=
                "seals      \(seals.opened) opened with this identity; \(seals.ofOthers) are for other auditors only\n"
        }
        if isInUse { text += "a gateway writes it: what is being written now is not judged\n" }
        text += isClean ? "clean\n" : "not clean: \(problems.count + furtherProblems) problems\n"
        if !isClean, problems.allSatisfy({ $0.kind == .tornTail }) {
            text += "hint: the gateway cuts a torn tail when it starts; so does --repair\n"
        }
        return text
    }
}
