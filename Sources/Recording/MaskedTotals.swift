public import Masking
import NIOCore
public import Vocabulary

/// What was masked in one exchange, for its close record.
public struct MaskedTotals: Hashable, Sendable {
    /// How often each rule masked something, by its name.
    public private(set) var request: [String: Int] = [:]
    public private(set) var response: [String: Int] = [:]
    /// Bytes that are recorded of each body; what came is counted elsewhere.
    public private(set) var requestBytes: UInt64 = 0
    public private(set) var responseBytes: UInt64 = 0
    /// Lines of the channel that holds the sealed originals; 0 where they are not kept.
    public var sealedLines = 0

    public init() {}

    public var isEmpty: Bool { request.isEmpty && response.isEmpty }

    /// Counts a piece.
    ///
    /// - Returns: its offset in what is recorded of the direction.
    public mutating func add(_ piece: MaskedPiece, _ direction: Direction) -> UInt64 {
        let count = UInt64(piece.recorded.bytes.readableBytes)
        switch direction {
        case .request:
            for masking in piece.maskings { request[masking.rule, default: 0] += 1 }
            defer { requestBytes += count }
            return requestBytes
        case .response:
            for masking in piece.maskings { response[masking.rule, default: 0] += 1 }
            defer { responseBytes += count }
            return responseBytes
        }
    }

    /// As the close record holds it.
    public var json: JSON {
        func counts(_ rules: [String: Int]) -> JSON { .object(rules.map { JSON.Member($0.key, .integer($0.value)) }) }
        return [
            "recordedBytes": ["request": .integer(requestBytes), "response": .integer(responseBytes)],
            "request": counts(request), "response": counts(response), "sealedLines": .integer(sealedLines),
        ]
    }
}
