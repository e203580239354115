import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

/// The acknowledgement of the gateway's settings holds from the client's preface on, and every other byte passes.
struct SettingsAheadTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let settings = frame(4, payload: [0, 2, 0, 0, 0, 0])
    private static let acknowledgement = frame(4, flags: 1)
    private static let headers = frame(1, flags: 4, stream: 1, payload: Array(repeating: 7, count: 70))
    private static let ping = frame(6, payload: [1, 2, 3, 4, 5, 6, 7, 8])

    private static func frame(
        _ type: UInt8, flags: UInt8 = 0, stream: UInt8 = 0, payload: [UInt8] = []
    ) -> [UInt8] {
        [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
    }

    private func passed(_ pieces: [[UInt8]]) throws -> [UInt8] {
        let channel = EmbeddedChannel(handler: SettingsAhead())
        defer { _ = try? channel.finish() }
        for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
        var output: [UInt8] = []
        while let bytes = try channel.readInbound(as: ByteBuffer.self) { output += Array(buffer: bytes) }
        return output
    }

    @Test func theAcknowledgementStandsInFrontOfTheFirstRequestHoweverTheBytesCome() throws {
        let sent = Self.preface + Self.settings + Self.headers + Self.ping + Self.acknowledgement + Self.headers
        let expected = Self.preface + Self.settings + Self.acknowledgement + Self.headers + Self.ping + Self.headers
        #expect(try passed([sent]) == expected)
        #expect(try passed(sent.map { [$0] }) == expected)
        for cut in 1..<sent.count {
            #expect(try passed([Array(sent[..<cut]), Array(sent[cut...])]) == expected, "cut at \(cut)")
        }
    }

    @Test func theSecondAcknowledgementPassesForItBreaksTheRules() throws {
        let sent = Self.preface + Self.settings + Self.acknowledgement + Self.acknowledgement
        #expect(try passed([sent]) == sent)
    }

    @Test func whatIsNoHTTP2PassesAsItCame() throws {
        let sent = Array("GET /api/v1/namespaces HTTP/1.1\r\nHost: gateway\r\n\r\n".utf8)
        #expect(try passed([sent]) == sent)
        #expect(try passed(sent.map { [$0] }).starts(with: sent[..<32]))
    }
}
