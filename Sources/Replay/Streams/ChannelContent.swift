import Vocabulary

/// What one side sent through one channel: how much, whether it is an archive, and as much of it as is shown.
struct ChannelContent {
    let direction: String
    let channel: String
    private(set) var count = 0
    private(set) var archive: TarListing?
    private var start: [UInt8] = []
    private var isDecided = false

    init(_ chunk: StreamedChunk) {
        direction = chunk.direction
        channel = chunk.channel
    }

    mutating func take(_ bytes: [UInt8]) {
        count += bytes.count
        if isDecided { archive?.take(bytes) } else { decide(bytes) }
    }

    /// `kubectl cp` is an exec of tar: what passes is told by its bytes, not by the command that the caller names.
    private mutating func decide(_ bytes: [UInt8]) {
        start += bytes
        guard let isArchive = TarListing.isArchive(start) else { return }
        isDecided = true
        if isArchive {
            var listing = TarListing()
            listing.take(start)
            archive = listing
        }
        start = []
    }

    var isRequest: Bool { direction == "request" }

    /// The members of the archive, as JSON; nil where it is none.
    var json: JSON? {
        guard let archive else { return nil }
        var members: [JSON.Member] = [
            JSON.Member("channel", .string(channel)), JSON.Member("direction", .string(direction)),
            JSON.Member("members", .array(archive.members.map(\.json))),
        ]
        if archive.unlisted > 0 { members.append(JSON.Member("unlisted", .integer(archive.unlisted))) }
        if let damage = archive.damage { members.append(JSON.Member("damage", .string("\(damage)"))) }
        return .object(members)
    }
}

extension TarMember {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("kind", .string(kind.rawValue)), JSON.Member("mode", .integer(mode)),
            JSON.Member("path", .string(path)), JSON.Member("size", .integer(size)),
        ]
        if let digest { members.append(JSON.Member("sha256", .string(digest))) }
        if !target.isEmpty { members.append(JSON.Member("target", .string(target))) }
        return .object(members)
    }
}
