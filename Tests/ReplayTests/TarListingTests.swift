import Foundation
import Testing

@testable import Replay

@Suite struct TarListingTests {
    /// An archive that the system's tar makes of a folder.
    private static func archive(_ options: [String]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "byline-tar-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let deep = folder.appending(path: "things/" + String(repeating: "long-name/", count: 20))
        try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
        try Data("alpha\n".utf8).write(to: folder.appending(path: "things/a.txt"))
        try Data(count: 1_500).write(to: deep.appending(path: "zeros"))
        try Data().write(to: folder.appending(path: "things/empty"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "things/link").path, withDestinationPath: "a.txt")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/tar")
        process.arguments = options + ["-cf", folder.appending(path: "archive").path, "-C", folder.path, "things"]
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: folder.appending(path: "archive")))
    }

    @Test(arguments: ["gnu", "pax", "ustar"], [1, 7, 512, 4_096])
    func listsWhatTarPacked(format: String, step: Int) throws {
        let bytes = try Self.archive(["--format=\(format)"])
        #expect(TarListing.isArchive(Array(bytes.prefix(512))) == true)
        var listing = TarListing()
        for start in stride(from: 0, to: bytes.count, by: step) {
            listing.take(bytes[start..<min(start + step, bytes.count)])
        }
        #expect(listing.damage == nil && listing.unlisted == 0)
        #expect(listing.size == 1_506)
        let files = listing.members.filter { $0.kind == .file }
        #expect(Set(files.map { $0.path.split(separator: "/").last }) == ["a.txt", "zeros", "empty"])
        #expect(
            files.first { $0.path.hasSuffix("/empty") }?.digest?.hasPrefix("e3b0c44298fc1c149afbf4c8996fb924") == true)
        let zeros = files.first { $0.path.hasSuffix("/zeros") }
        #expect(zeros?.size == 1_500 && zeros?.path.count == "things/".count + 200 + "zeros".count)
        #expect(listing.members.first { $0.kind == .symbolicLink }?.target == "a.txt")
        #expect(listing.members.contains { $0.kind == .directory })
    }

    @Test func saysWhereAnArchiveIsCut() throws {
        let bytes = try Self.archive(["--format=ustar"])
        var listing = TarListing()
        listing.take(bytes.prefix(700))
        #expect(listing.damage == .cut)
    }

    @Test func endsAtWhatIsNoMember() throws {
        var listing = TarListing()
        listing.take([UInt8](repeating: UInt8(ascii: "x"), count: 2_000))
        #expect(listing.damage == .notAMember(offset: 0))
        #expect(listing.members.isEmpty)
        #expect(TarListing.isArchive(Array("plain text".utf8)) == nil)
        #expect(TarListing.isArchive([UInt8](repeating: UInt8(ascii: "x"), count: 512)) == false)
        #expect(TarListing.isArchive([UInt8](repeating: 0, count: 512)) == false)
    }

    @Test func refusesSizesThatCannotBe() {
        for size in [[0xFF] + [UInt8](repeating: 0xFF, count: 11), [0x80] + [UInt8](repeating: 0xFF, count: 11)] {
            var listing = TarListing()
            listing.take(Self.header(size: size))
            #expect(listing.damage == .impossible(offset: 0))
        }
        var long = TarListing()
        long.take(Self.header(size: Array("77777777777\0".utf8), type: "L"))
        #expect(long.damage == .impossible(offset: 0))
    }

    @Test func aHugeMemberTakesNoMemory() {
        var listing = TarListing()
        listing.take(Self.header(size: Array("77777777777\0".utf8)))
        for _ in 0..<100 { listing.take([UInt8](repeating: 1, count: 10_000)) }
        #expect(listing.damage == .cut)
        #expect(listing.members.isEmpty)
    }

    @Test func countsMembersBeyondThoseThatAreListed() {
        var listing = TarListing()
        let empty = Self.header(size: Array("00000000000\0".utf8))
        for _ in 0..<TarListing.maximumCount + 5 { listing.take(empty) }
        #expect(listing.members.count == TarListing.maximumCount && listing.unlisted == 5)
    }

    private static func header(size: [UInt8], type: Character = "0") -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        block.replaceSubrange(0..<4, with: Array("name".utf8))
        block.replaceSubrange(124..<136, with: size)
        block[156] = type.asciiValue ?? 0
        block.replaceSubrange(148..<156, with: [UInt8](repeating: UInt8(ascii: " "), count: 8))
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        block.replaceSubrange(148..<156, with: Array((String(repeating: "0", count: 6 - sum.count) + sum + "\0 ").utf8))
        return block
    }
}
