import KubernetesWire
import Masking
import NIOCore
import NIOHTTP1

/// A request on its way past the masking rules: it is forwarded as it came, and recorded masked.
struct MaskedRequest {
    let plan: MaskingPlan
    private let request: RequestInfo
    private let contentType: String?
    private var masker: BodyMasker
    private var search = MaskSearch()
    /// True once one of our masks was seen in it.
    private(set) var holdsMask = false
    /// Why its body cannot be read, once that is known.
    private(set) var fault: MaskingFault?

    init(_ plan: MaskingPlan, _ request: RequestInfo, _ head: HTTPRequestHead) {
        self.plan = plan
        self.request = request
        contentType = head.headers.first(name: "content-type")
        masker = plan.requestMasker(contentType: contentType)
        let encoding = head.headers.first(name: "content-encoding")
        if let encoding, plan.form == .objects, encoding.lowercased() != "identity" {
            fault = .contentEncoding(encoding)
        }
    }

    /// True where the body goes nowhere before all of it was judged.
    private(set) lazy var awaitsWhole = plan.awaitsWhole(contentType: contentType)

    /// Why the body, all of which is there, must not reach the cluster; nil where it may.
    mutating func refusal(of body: [ByteBuffer]) -> Refusal? {
        guard !body.isEmpty else { return nil }
        if let fault { return .unreadableBody(fault, contentType: contentType) }
        guard awaitsWhole else { return nil }
        if let fault = plan.fault(ofPatch: body.flatMap { Array($0.readableBytesView) }, contentType: contentType) {
            return .patch(fault)
        }
        // A trial of what the record is to get: what cannot be read is known before anything is sent.
        var trial = masker
        do throws(MaskingFault) {
            for part in body { _ = try trial.consume(part) }
            _ = try trial.finish()
            return nil
        } catch { return .unreadableBody(error, contentType: contentType) }
    }

    /// Looks for our masks.
    mutating func look(at bytes: ByteBuffer) {
        if plan.form == .objects, !holdsMask { holdsMask = search.finds(in: bytes) }
    }

    /// The piece to record; nil where it cannot be read, and `fault` says why.
    mutating func record(_ bytes: ByteBuffer) -> MaskedPiece? {
        guard fault == nil else { return nil }
        do throws(MaskingFault) { return try masker.consume(bytes) } catch { return giveUp(error) }
    }

    mutating func finish() -> MaskedPiece? {
        guard fault == nil else { return nil }
        do throws(MaskingFault) { return try masker.finish() } catch {
            // JSON that ends in the middle is nobody's request: the API server says so itself.
            if case .cutOff = error, !plan.masksFields { return nil }
            return giveUp(error)
        }
    }

    private mutating func giveUp(_ fault: MaskingFault) -> MaskedPiece? {
        self.fault = fault
        return nil
    }

    /// The refusal of a body that turned out to be unreadable on its way; nil for any other.
    var refusal: Refusal? { fault.map { .unreadableBody($0, contentType: contentType) } }

    /// The headers with which the cluster is asked for what can be read here. What the caller says decides nothing of it.
    ///
    /// - Returns: nil where the caller takes nothing of the kind.
    func narrowed(_ head: HTTPRequestHead) -> HTTPRequestHead? {
        guard plan.form != .open else { return head }
        var head = head
        head.headers.remove(name: "accept-encoding")
        head.headers.add(name: "Accept-Encoding", value: "identity")
        // A part of an answer could begin in the middle of a secret.
        head.headers.remove(name: "range")
        head.headers.remove(name: "if-range")
        guard plan.form == .objects else { return head }
        // An API server connects for who takes anything, and refuses in JSON then.
        guard !request.isConnect else {
            head.headers.replaceOrAdd(name: "Accept", value: "*/*")
            return head
        }
        let accepted = head.headers["accept"]
        let all = accepted.isEmpty ? nil : accepted.joined(separator: ",")
        guard let narrowed = NarrowedAccept.json(all) else { return nil }
        if narrowed != all { head.headers.replaceOrAdd(name: "Accept", value: narrowed) }
        return head
    }
}
