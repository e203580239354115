import KubernetesWire
import Masking
import NIOCore
import NIOHTTP1

/// A request on its way past the masking rules: it is forwarded as it came, and recorded masked.
struct MaskedRequest {
    let plan: MaskingPlan
    /// nil where the body is left out of the record.
    private var masker: BodyMasker?
    private var search = MaskSearch()
    /// True once one of our masks was seen in it.
    private(set) var holdsMask = false

    init(_ plan: MaskingPlan, contentType: String?) {
        self.plan = plan
        masker = plan.requestMasker(contentType: contentType)
    }

    /// Looks for our masks.
    mutating func look(at bytes: ByteBuffer) {
        if plan.form == .objects, !holdsMask { holdsMask = search.finds(in: bytes) }
    }

    /// The piece to record; nil where the record goes without.
    mutating func record(_ bytes: ByteBuffer) -> MaskedPiece? {
        do throws(MaskingFault) { return try masker?.consume(bytes) } catch { return giveUp() }
    }

    mutating func finish() -> MaskedPiece? {
        do throws(MaskingFault) { return try masker?.finish() } catch { return giveUp() }
    }

    /// What cannot be read is not recorded; the API server refuses it.
    private mutating func giveUp() -> MaskedPiece? {
        masker = nil
        return nil
    }

    /// The headers with which the cluster is asked for what can be read here.
    ///
    /// - Returns: nil where the caller takes nothing of the kind.
    func narrowed(_ head: HTTPRequestHead) -> HTTPRequestHead? {
        guard plan.form != .open else { return head }
        var head = head
        head.headers.remove(name: "accept-encoding")
        head.headers.add(name: "Accept-Encoding", value: "identity")
        guard plan.form == .objects, !head.headers.contains(name: "upgrade") else { return head }
        let accepted = head.headers["accept"]
        guard let narrowed = NarrowedAccept.json(accepted.isEmpty ? nil : accepted.joined(separator: ",")) else {
            return nil
        }
        if accepted.isEmpty || narrowed != accepted.joined(separator: ",") {
            head.headers.replaceOrAdd(name: "Accept", value: narrowed)
        }
        return head
    }
}
