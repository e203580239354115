public import Vocabulary

/// What passed through the channels of an exchange, for a person: in the order of time, what a terminal showed as one
/// text, archives by their members. It is fed chunk by chunk and holds a bounded part of each channel.
public struct StreamTranscript {
    /// How much of a channel is shown, in bytes.
    static let shownLimit = 64 << 10
    /// How many channels are shown.
    static let channelLimit = 256
    /// How long a pause may be within one entry, in nanoseconds.
    private static let pause = 100_000_000

    private struct Key: Hashable {
        let direction: String
        let channel: String
    }

    private struct Entry {
        let key: Key
        let elapsed: Int
        var bytes: [UInt8]
    }

    private var contents: [Key: ChannelContent] = [:]
    private var order: [Key] = []
    private var entries: [Entry] = []
    private var shown: [Key: Int] = [:]
    private var isTerminal: Bool

    /// - Parameter isTerminal: true where a terminal was asked for.
    public init(isTerminal: Bool = false) { self.isTerminal = isTerminal }

    public mutating func take(_ chunk: StreamedChunk) {
        let key = Key(direction: chunk.direction, channel: chunk.channel)
        if contents[key] == nil {
            guard order.count < Self.channelLimit else { return }
            order.append(key)
            contents[key] = ChannelContent(chunk)
        }
        contents[key]?.take(chunk.bytes)
        let bytes = chunk.bytes.prefix(Self.shownLimit - shown[key, default: 0])
        guard !bytes.isEmpty else { return }
        shown[key, default: 0] += bytes.count
        if let last = entries.last, last.key == key,
            last.bytes.last != UInt8(ascii: "\n") || chunk.elapsed - last.elapsed < Self.pause
        {
            entries[entries.count - 1].bytes += bytes
        } else {
            entries.append(Entry(key: key, elapsed: chunk.elapsed, bytes: Array(bytes)))
        }
    }

    /// The archives that passed, as JSON; empty where none did.
    public var archives: [JSON] { order.compactMap { contents[$0]?.json } }

    public func text(_ style: TextStyle) -> String {
        var text = ""
        for content in order.compactMap({ contents[$0] }) {
            if let archive = content.archive { text += Self.text(archive, content, style) }
        }
        text += isTerminal ? terminalText(style) : timeline(style, entries)
        for content in order.compactMap({ contents[$0] }) where content.archive == nil {
            let more = content.count - Self.shownLimit
            guard more > 0 else { continue }
            let option = content.isRequest ? "--request" : "--response"
            text +=
                style.faint(
                    "… \(Measures.bytes(more)) more: byline show EXCHANGE \(option) --channel \(content.channel)")
                + "\n"
        }
        return text
    }

    private func terminalText(_ style: TextStyle) -> String {
        var text = ""
        for (channel, name) in [("stdout", "the terminal showed"), ("stdin", "typed")] {
            let bytes = entries.filter { $0.key.channel == channel }.flatMap(\.bytes)
            guard !bytes.isEmpty else { continue }
            text += style.bold(name) + "\n" + TerminalTranscript.text(bytes).indented + "\n"
        }
        return text + timeline(style, entries.filter { $0.key.channel != "stdout" && $0.key.channel != "stdin" })
    }

    private func timeline(_ style: TextStyle, _ entries: [Entry]) -> String {
        var table = TextTable()
        for entry in entries where contents[entry.key]?.archive == nil {
            let shown = entry.key.channel == "resize" ? Self.size(entry.bytes) : BodyText.render(entry.bytes)
            let lines = shown.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            for (index, line) in lines.enumerated() {
                table.add([
                    .init(text: index == 0 ? Measures.offset(Int64(entry.elapsed)) : "", dress: style.faint),
                    .init(text: entry.key.direction == "request" ? ">" : "<", dress: style.faint),
                    .init(text: index == 0 ? TerminalText.safe(entry.key.channel) : "", dress: style.faint),
                    .init(text: String(line), dress: entry.key.channel == "stderr" ? style.doubtful : { $0 }),
                ])
            }
        }
        return table.text(indent: "  ", separator: " ")
    }

    /// A terminal's size as kubectl tells it: `80 × 24`.
    private static func size(_ bytes: [UInt8]) -> String {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).flatMap { line -> [String] in
            guard let json = try? JSON(parsing: Array(line)), let width = json["Width"]?.integer,
                let height = json["Height"]?.integer
            else { return [BodyText.render(Array(line))] }
            return ["\(width) × \(height)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ archive: TarListing, _ content: ChannelContent, _ style: TextStyle) -> String {
        let count = archive.members.count + archive.unlisted
        var text = style.bold(
            "\(content.isRequest ? ">" : "<") \(TerminalText.safe(content.channel)) is a tar archive: ")
        text += "\(count) member\(count == 1 ? "" : "s"), \(Measures.bytes(Int(clamping: archive.size)))\n"
        var table = TextTable()
        table.add(["KIND", "SIZE", "SHA-256", "PATH"].map { .init(text: $0, dress: style.bold) })
        for member in archive.members {
            table.add([
                .init(text: member.kind.rawValue), .init(text: String(member.size)),
                .init(text: member.digest ?? "-", dress: style.faint),
                .init(
                    text: TerminalText.safe(member.path)
                        + (member.target.isEmpty ? "" : " → \(TerminalText.safe(member.target))")),
            ])
        }
        text += table.text(indent: "  ")
        if archive.unlisted > 0 { text += "  … \(archive.unlisted) more\n" }
        if let damage = archive.damage { text += style.bad("  \(damage)") + "\n" }
        return text
    }
}

extension String {
    /// Each line two columns in; the last one without its end.
    fileprivate var indented: String {
        let lines = split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.last == "" ? lines.dropLast() : lines[...]).map { "  \($0)" }.joined(separator: "\n")
    }
}
