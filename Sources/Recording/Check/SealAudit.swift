import Masking
import Vocabulary

/// Holds the seals of originals against what closings count of them, and opens them where an auditor's identity is at hand.
struct SealAudit {
    /// What stands of one exchange's seal.
    private struct Seal {
        /// Those that are not empty.
        var lines = 0
        var isWithinLine = false
        /// None where nobody can open them.
        var bytes: [UInt8] = []
    }

    private let identity: AuditorIdentity?
    private var seals: [ExchangeID: Seal] = [:]
    private(set) var counts = JournalCheckReport.Seals()

    init(identity: AuditorIdentity?) { self.identity = identity }

    /// Takes in bytes of an exchange's seal.
    mutating func take(_ bytes: ArraySlice<UInt8>, of exchange: ExchangeID) {
        var seal = seals.removeValue(forKey: exchange) ?? Seal()
        for byte in bytes {
            let isWithinLine = byte != UInt8(ascii: "\n")
            if isWithinLine, !seal.isWithinLine { seal.lines += 1 }
            seal.isWithinLine = isWithinLine
        }
        if identity != nil { seal.bytes += bytes }
        seals[exchange] = seal
    }

    /// Judges an exchange's seal by its closing.
    ///
    /// - Returns: what is wrong with it; nil where nothing is, or where it is sealed to others.
    mutating func close(_ exchange: ExchangeID, _ closing: JSON) -> String? {
        let seal = seals.removeValue(forKey: exchange) ?? Seal()
        guard let count = closing["masked"]?["sealedLines"]?.integer else { return nil }
        guard seal.lines == count else {
            return SealedOriginals.Fault.cut(lines: seal.lines, expected: count).description
        }
        guard count > 0, let identity else { return nil }
        do throws(SealedOriginals.Fault) {
            _ = try SealedOriginals(seal.bytes, of: exchange, count: count, identity: identity)
            counts.opened += 1
        } catch {
            guard error == .notForThisIdentity else { return error.description }
            counts.ofOthers += 1
        }
        return nil
    }

    /// Forgets an exchange whose end is not known.
    mutating func forget(_ exchange: ExchangeID) { seals[exchange] = nil }
}
