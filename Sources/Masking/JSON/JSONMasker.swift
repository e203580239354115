public import NIOCore

/// Masks JSON that comes in pieces, one text or many behind each other as a watch has them. What is not masked passes as
/// it came, byte for byte; memory is bounded by the longest string, and that by `longestHeld`.
public struct JSONMasker {
    /// How deep arrays and objects may nest.
    public static let maximumDepth = 512
    /// Bytes of a string that are held until its end is there. A longer one is masked whole, by its digest: nothing in
    /// Kubernetes is that long, whose requests end at 3 MiB.
    public static let longestHeld = 4 << 20

    private var window = ByteBuffer()
    private var scanner: JSONScanner
    private var assembly = Assembly()
    private var consumed = 0

    init(_ rules: MaskingRules, _ binding: MaskBinding) { scanner = JSONScanner(rules, binding) }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: any number of them.
    /// - Returns: what is decided.
    /// - Throws: what makes it no JSON; nothing may be delivered after that.
    public mutating func consume(_ bytes: ByteBuffer) throws(MaskingFault) -> MaskedPiece {
        append(bytes)
        return try advance(isEnd: false)
    }

    /// Takes the end.
    ///
    /// - Returns: what was held back.
    /// - Throws: what makes it no JSON.
    public mutating func finish() throws(MaskingFault) -> MaskedPiece {
        let last = try advance(isEnd: true)
        guard window.readableBytes == 0, scanner.isAtRest else { throw .cutOff }
        return last
    }

    private mutating func append(_ bytes: ByteBuffer) {
        if window.readableBytes == 0 {
            window = bytes
        } else if window.readerIndex == 0 {
            window.writeImmutableBuffer(bytes)
        } else {
            var joined = ByteBuffer()
            joined.reserveCapacity(window.readableBytes + bytes.readableBytes)
            joined.writeImmutableBuffer(window)
            joined.writeImmutableBuffer(bytes)
            window = joined
        }
    }

    private mutating func advance(isEnd: Bool) throws(MaskingFault) -> MaskedPiece {
        let bytes = window
        let result = bytes.withUnsafeReadableBytes { bytes -> Result<Int, MaskingFault> in
            do throws(MaskingFault) { return .success(try scanner.scan(bytes, isEnd: isEnd)) } catch {
                return .failure(error)
            }
        }
        let decided: Int
        switch result {
        case .success(let place): decided = place
        case .failure(let fault): throw fault.moved(by: consumed)
        }
        consumed += decided
        guard let whole = window.readSlice(length: decided) else { return MaskedPiece() }
        return assembly.apply(scanner.take(before: decided), to: whole)
    }
}

extension MaskingFault {
    fileprivate func moved(by distance: Int) -> MaskingFault {
        switch self {
        case .notJSON(let offset): .notJSON(offset: offset + distance)
        case .tooLong(let offset): .tooLong(offset: offset + distance)
        default: self
        }
    }
}
