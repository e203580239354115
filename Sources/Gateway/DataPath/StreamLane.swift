import Masking
import NIOCore

/// One channel of an upgraded connection, as one side fills it, on its way through the masking rules.
struct StreamLane {
    /// Masked bytes, and what the other side gets for them.
    struct Part {
        let piece: MaskedPiece
        let delivered: ByteBuffer
    }

    /// What the other side gets.
    enum Delivery {
        /// What came: only the record is masked.
        case received
        /// What is masked.
        case masked
        /// What is masked, unless the first block is an archive's.
        case maskedUnlessArchive
    }

    /// After how many rounds in which nothing came of it what may be a secret's beginning is given after all.
    private static let patientRounds = 25

    private(set) var delivery: Delivery
    private var masker: TextMasker
    /// What came while it was not clear whether it is an archive.
    private var first = ByteBuffer()
    /// How many bytes came since the last round.
    private var recent = 0
    private var idleRounds = 0

    init(_ masker: TextMasker, _ delivery: Delivery) {
        self.masker = masker
        self.delivery = delivery
    }

    /// True while something is held back from the other side.
    var holdsBack: Bool { delivery.isMasked && (masker.holdsBack || first.readableBytes > 0) }

    /// Takes the next bytes.
    mutating func consume(_ bytes: ByteBuffer) -> [Part] {
        switch delivery {
        case .received:
            // The record keeps the times: only the beginning of a secret waits for what comes.
            return [Part(piece: masker.consume(bytes), delivered: bytes), unseen(masker.release())]
        case .masked:
            recent += bytes.readableBytes
            return [masked(masker.consume(bytes))]
        case .maskedUnlessArchive:
            recent += bytes.readableBytes
            first.writeImmutableBuffer(bytes)
            guard let isArchive = ArchiveHead.begins(first) else { return [] }
            return decide(isArchive ? .received : .masked)
        }
    }

    /// Begins a round: what is held back now was so for a whole one when it ends.
    mutating func beginRound() { recent = 0 }

    /// Gives what was held back for a round, but for the beginning of a secret.
    mutating func release() -> [Part] {
        guard holdsBack else { return [] }
        var parts: [Part] = []
        if case .maskedUnlessArchive = delivery {
            guard recent < first.readableBytes else {
                recent = 0
                return []
            }
            parts = decide(.masked)
        }
        parts.append(masked(masker.release(keeping: recent, isLate: idleRounds >= Self.patientRounds)))
        recent = 0
        idleRounds = parts.contains { $0.delivered.readableBytes > 0 } ? 0 : idleRounds + 1
        return parts
    }

    /// Gives what is held back, but for the beginning of a secret, before another channel's bytes go.
    mutating func yield() -> [Part] {
        guard holdsBack else { return [] }
        var parts: [Part] = []
        if case .maskedUnlessArchive = delivery { parts = decide(.masked) }
        return parts + [masked(masker.release())]
    }

    /// Gives all that is held back.
    mutating func finish() -> [Part] {
        var parts: [Part] = []
        if case .maskedUnlessArchive = delivery, first.readableBytes > 0 { parts = decide(.masked) }
        return parts + [delivery.isMasked ? masked(masker.finish()) : unseen(masker.finish())]
    }

    private mutating func decide(_ delivery: Delivery) -> [Part] {
        self.delivery = delivery
        let bytes = first
        first = ByteBuffer()
        let known = recent
        defer { recent = min(known, bytes.readableBytes) }
        return consume(bytes)
    }

    private func masked(_ piece: MaskedPiece) -> Part { Part(piece: piece, delivered: piece.delivered.bytes) }

    /// For the record only: the other side has it.
    private func unseen(_ piece: MaskedPiece) -> Part { Part(piece: piece, delivered: ByteBuffer()) }
}

extension StreamLane.Delivery {
    fileprivate var isMasked: Bool { if case .received = self { false } else { true } }
}
