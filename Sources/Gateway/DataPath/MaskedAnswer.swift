import Masking
import NIOCore
import NIOHTTP1

/// An answer's body on its way through the masking rules. A short one is gathered, so that its length can be told before
/// it as the API server did, and so that what cannot be masked can be refused with a sentence.
struct MaskedAnswer {
    /// A body up to this length, in bytes, is gathered.
    private static let gathered = 256 << 10

    /// How long a line that has not ended is held back, and how long the beginning of a secret.
    static let patience = TimeAmount.milliseconds(4)
    static let longPatience = TimeAmount.milliseconds(250)

    private var masker: BodyMasker
    /// The status and headers that wait for the body; nil once they were sent.
    private(set) var waitingHead: (status: HTTPResponseStatus, headers: HTTPHeaders)?
    private var body: [ByteBuffer] = []
    private var length = 0

    /// With the cluster's head, and the headers as the caller is to get them; `hasBody` is false where the answer to such a
    /// request has none.
    init(_ masker: BodyMasker, _ head: HTTPResponseHead, _ headers: HTTPHeaders, hasBody: Bool) {
        self.masker = masker
        guard hasBody, masker.mayChange, let length = headers.first(name: "content-length").flatMap({ Int($0) }),
            length <= Self.gathered
        else { return }
        waitingHead = (head.status, headers)
    }

    /// True where the body's length is not what the cluster says.
    var mayChange: Bool { masker.mayChange }

    var holdsBack: Bool { masker.holdsBack }

    mutating func consume(_ bytes: ByteBuffer) throws(MaskingFault) -> MaskedPiece { try masker.consume(bytes) }

    mutating func finish() throws(MaskingFault) -> MaskedPiece { try masker.finish() }

    mutating func release(isLate: Bool) -> MaskedPiece { masker.release(isLate: isLate) }

    /// Takes what may be delivered.
    ///
    /// - Returns: what is to be written now.
    mutating func deliver(_ piece: MaskedPiece) -> ByteBuffer? {
        let bytes = piece.delivered.bytes
        guard bytes.readableBytes > 0 else { return nil }
        guard waitingHead != nil else { return bytes }
        body.append(bytes)
        length += bytes.readableBytes
        return nil
    }

    /// The head and the body that were gathered, when all is there.
    mutating func gather() -> (status: HTTPResponseStatus, headers: HTTPHeaders, body: [ByteBuffer])? {
        guard let (status, headers) = waitingHead else { return nil }
        waitingHead = nil
        var told = headers
        told.replaceOrAdd(name: "Content-Length", value: String(length))
        return (status, told, body)
    }
}
