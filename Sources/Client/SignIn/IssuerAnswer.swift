import CurlTransport
import Vocabulary

/// What an issuer has answered, as OAuth's errors have it (RFC 6749 §5.2), or as a server in front of it has it.
struct IssuerAnswer {
    private let head: TransportHead
    private let json: JSON?
    private let endpoint: String

    init(_ answer: CurlEngine.Answer, from endpoint: String) {
        head = answer.head
        json = try? JSON(parsing: answer.body)
        self.endpoint = endpoint
    }

    /// The JSON of a success.
    ///
    /// - Throws: ``refusal``, or a fault where what came is no JSON.
    var document: JSON {
        get throws(ClientFault) {
            guard head.status == 200 else { throw refusal }
            guard let json else { throw .signIn(.unusableAnswer(from: endpoint, why: "it is no JSON")) }
            return json
        }
    }

    var refusal: ClientFault {
        if (300..<400).contains(head.status) {
            return .signIn(.unusableAnswer(from: endpoint, why: "it leads elsewhere, which is not followed"))
        }
        let wait = head.header("retry-after").flatMap { Int($0) }.map { "it asks to wait \($0) s" }
        return .signIn(
            .refusedByIssuer(
                json?["error"]?.string ?? "HTTP \(head.status)",
                detail: json?["error_description"]?.string ?? wait ?? ""))
    }
}
