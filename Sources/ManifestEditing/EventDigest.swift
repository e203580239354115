/// A keyed digest over events: two documents whose digests agree held the same events. The key is drawn at random and
/// told to nobody, so no document can be made to collide.
struct EventDigest: Equatable {
    struct Key: Sendable {
        let seed: UInt64
        let factor: UInt64

        init() {
            seed = .random(in: .min ... .max)
            factor = .random(in: .min ... .max) | 1
        }
    }

    private var state: UInt64
    private let factor: UInt64

    init(key: Key) {
        state = key.seed
        factor = key.factor
    }

    mutating func add(_ event: ManifestEvent) {
        let shape = UInt64(event.kind.rawValue) | UInt64(event.style == .plain ? 0 : 1) << 8
        let extras: UInt64 = (event.anchor == nil ? 0 : 2) | (event.tag == nil ? 0 : 1)
        add(shape | extras << 16 | UInt64(event.text.count) << 24)
        add(event.text)
        if let anchor = event.anchor { addMeasured(anchor) }
        if let tag = event.tag { addMeasured(tag) }
    }

    private mutating func addMeasured(_ text: UnsafeBufferPointer<UInt8>) {
        add(UInt64(text.count))
        add(text)
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
        let bytes = UnsafeRawBufferPointer(text)
        var offset = 0
        while offset + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        guard offset < bytes.count else { return }
        var last: UInt64 = 0
        while offset < bytes.count {
            last = last << 8 | UInt64(bytes[offset])
            offset += 1
        }
        add(last)
    }

    /// Folds the 128 bits of a product, as wyhash and its kin do.
    private mutating func add(_ word: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: factor)
        state = (product.high ^ product.low) &+ 0x9E37_79B9_7F4A_7C15
    }
}
