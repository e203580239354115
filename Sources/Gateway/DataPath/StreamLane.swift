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
        /// What came, as long as it is an archive; what is masked from then on.
        case archive(ArchivePassage)
    }

    /// After how many rounds in which nothing came of it what may be a secret's beginning is given after all.
    private static let patientRounds = 125

    private(set) var delivery: Delivery
    private var masker: TextMasker
    /// How many bytes came since the last round.
    private var recent = 0
    private var idleRounds = 0

    init(_ masker: TextMasker, _ delivery: Delivery) {
        self.masker = masker
        self.delivery = delivery
    }

    /// True while something is held back from the other side that a `release` may give. The beginning of an archive's block
    /// is not: nobody reads it before the block is whole.
    var holdsBack: Bool { delivery.isMasked && masker.holdsBack }

    /// True where an archive passes.
    var passesArchive: Bool { if case .archive(let passage) = delivery { passage.isArchive } else { false } }

    /// Takes the next bytes.
    mutating func consume(_ bytes: ByteBuffer) -> [Part] {
        switch delivery {
        case .received:
            // The record keeps the times: only the beginning of a secret waits for what comes.
            return [Part(piece: masker.consume(bytes), delivered: bytes), unseen(masker.release())]
        case .masked:
            recent += bytes.readableBytes
            return [masked(masker.consume(bytes))]
        case .archive(var passage):
            let (passing, rest) = passage.take(bytes)
            delivery = .archive(passage)
            var parts: [Part] = []
            if passing.readableBytes > 0 {
                parts = [Part(piece: masker.consume(passing), delivered: passing), unseen(masker.release())]
            }
            return rest.map { parts + mask($0) } ?? parts
        }
    }

    /// Begins a round: what is held back now was so for a whole one when it ends.
    mutating func beginRound() { recent = 0 }

    /// Gives what was held back for a round, but for the beginning of a secret.
    mutating func release() -> [Part] {
        guard holdsBack else { return [] }
        let part = masked(masker.release(keeping: recent, isLate: idleRounds >= Self.patientRounds))
        recent = 0
        idleRounds = part.delivered.readableBytes > 0 ? 0 : idleRounds + 1
        return [part]
    }

    /// Gives what is held back, but for the beginning of a secret, before another channel's bytes go.
    mutating func yield() -> [Part] {
        holdsBack ? [masked(masker.release())] : []
    }

    /// Gives all that is held back.
    mutating func finish() -> [Part] {
        guard case .archive(var passage) = delivery else {
            return [delivery.isMasked ? masked(masker.finish()) : unseen(masker.finish())]
        }
        let rest = passage.finish()
        delivery = .archive(passage)
        guard rest.readableBytes > 0 else { return [unseen(masker.finish())] }
        return mask(rest) + [masked(masker.finish())]
    }

    /// It is no archive, or none any more: from here on it is masked.
    private mutating func mask(_ bytes: ByteBuffer) -> [Part] {
        let seen = unseen(masker.finish())
        delivery = .masked
        return [seen] + consume(bytes)
    }

    private func masked(_ piece: MaskedPiece) -> Part { Part(piece: piece, delivered: piece.delivered.bytes) }

    /// For the record only: the other side has it.
    private func unseen(_ piece: MaskedPiece) -> Part { Part(piece: piece, delivered: ByteBuffer()) }
}

extension StreamLane.Delivery {
    fileprivate var isMasked: Bool { if case .masked = self { true } else { false } }
}
