import KubernetesWire
import NIOCore

@testable import Masking

/// What the tests of masking share.
enum Support {
    static func policy(_ configuration: MaskingConfiguration = MaskingConfiguration()) throws -> MaskingPolicy {
        MaskingPolicy(configuration, keys: try MaskKeys(file: MaskKeys.generateFile()))
    }

    static func plan(_ path: String, _ policy: MaskingPolicy? = nil) throws -> MaskingPlan {
        let target = try RequestTarget(path)
        return try (policy ?? Self.policy()).plan(
            for: try RequestInfo(method: "GET", target: target), cluster: "c", session: "s")
    }

    /// What a caller and the record get of a body that comes in pieces of these sizes, the last one repeated.
    static func mask(
        _ body: String, _ masker: BodyMasker, sizes: [Int] = [Int.max]
    ) throws -> (delivered: String, recorded: String, maskings: [MaskedSecret]) {
        var masker = masker
        var delivered = ByteBuffer()
        var recorded = ByteBuffer()
        var maskings: [MaskedSecret] = []
        func take(_ piece: MaskedPiece) {
            delivered.writeImmutableBuffer(piece.delivered.bytes)
            recorded.writeImmutableBuffer(piece.recorded.bytes)
            maskings += piece.maskings
        }
        var rest = ByteBuffer(string: body)
        var sizes = sizes
        while rest.readableBytes > 0 {
            let size = sizes.count > 1 ? sizes.removeFirst() : sizes.first ?? 1
            guard let piece = rest.readSlice(length: min(max(1, size), rest.readableBytes)) else { break }
            take(try masker.consume(piece))
        }
        take(try masker.finish())
        return (String(buffer: delivered), String(buffer: recorded), maskings)
    }

    static func maskObjects(_ body: String, _ path: String, sizes: [Int] = [Int.max]) throws -> String {
        let masker = try plan(path).responseMasker(contentType: "application/json", contentEncoding: nil)
        return try mask(body, masker, sizes: sizes).delivered
    }

    /// Text of letters and digits that nobody has seen before.
    static func random(
        _ length: Int, _ letters: String = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    ) -> String {
        String((0..<length).map { _ in letters.randomElement() ?? "a" })
    }
}
