public import NIOHTTP1
import Vocabulary

/// What a message's `Connection` headers name (RFC 9110 §7.6.1), beyond `keep-alive`: mostly nothing.
public struct ConnectionOptions: Sendable {
    private static let header = NameSet(["connection"])
    private static let framing = NameSet(["content-length"])
    /// By far the most frequent: it names a header that ends at this hop whoever names it.
    private static let usual = NameSet(["keep-alive"])

    private var options: Set<String> = []

    public init(_ headers: HTTPHeaders) {
        for (name, value) in headers where Self.header.contains(name) && !Self.usual.contains(value) {
            for option in value.split(separator: ",") { options.insert(option.trimmed.lowercased()) }
        }
    }

    /// True where an option is there; in lower case.
    public func contains(_ option: String) -> Bool { options.contains(option) }

    /// True where a header is this hop's own, since it is named here. `Content-Length` frames the message whatever is
    /// said of it.
    public func ends(_ name: String) -> Bool {
        !options.isEmpty && options.contains(name.lowercased()) && !Self.framing.contains(name)
    }
}

extension Substring {
    /// The text without the spaces and tabs around it.
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
