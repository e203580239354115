import Crypto
import LocalState
import Tagging
public import Vocabulary

/// What the command line says of who writes.
public struct BylineOptions: Sendable {
    public var fields: [Byline.Field: String]
    /// A file that holds the prompt; only its SHA-256 is sent.
    public var promptFile: String?

    public init(fields: [Byline.Field: String], promptFile: String?) {
        self.fields = fields
        self.promptFile = promptFile
    }

    /// The byline, field by field: the command line, then `BYLINE_*`, then `BAGGAGE`.
    public func resolve(_ environment: Environment) throws(ClientFault) -> Byline {
        var byline = Byline()
        if let baggage = environment.baggage { byline = try Self.decode(baggage, from: "BAGGAGE") }
        byline = byline.overlaid(with: Byline(environment.byline, trust: .asserted))
        var fields = fields
        if let promptFile { fields[.promptDigest] = "sha256:\(try Self.digest(of: promptFile))" }
        byline = byline.overlaid(with: Byline(fields.filter { !$0.value.isEmpty }, trust: .asserted))
        // What cannot travel is refused here, where the person can see it.
        return try Self.decode(Baggage.encode(byline), from: "the byline")
    }

    private static func decode(_ text: String, from what: String) throws(ClientFault) -> Byline {
        do throws(Baggage.Fault) { return try Baggage.decode([text]) } catch {
            switch error {
            case .tooLong(let limit): throw .badByline("\(what) is longer than \(limit) bytes")
            case .invalidValue(let field):
                throw .badByline("\(field.rawValue) of \(what) holds control characters, or is no percent-encoded text")
            case .valueTooLong(let field, let limit):
                throw .badByline("\(field.rawValue) of \(what) is longer than \(limit) bytes")
            case .contradiction(let field): throw .badByline("\(what) names two values for \(field.rawValue)")
            }
        }
    }

    private static func digest(of file: String) throws(ClientFault) -> String {
        do throws(FileFault) { return HexDigits.lower(SHA256.hash(data: try PrivateFile.readShared(file))) } catch {
            throw .file(error)
        }
    }
}
