import CLibCurl

/// A request as libcurl is to send it.
public struct TransportRequest: Sendable {
    /// How the request's body comes.
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Piece by piece; the length where it is known.
        case stream(length: Int64?)
    }

    public var method: String
    public var url: String
    /// Sent as they are; `Host`, `Content-Length` and `Transfer-Encoding` are libcurl's.
    public var headers: [(name: String, value: String)]
    public var body: Body
    public var trust: Trust
    /// What this end shows where the server asks for it; nil for nothing.
    public var clientCertificate: ClientCertificate?
    /// Seconds for the whole exchange; nil for none, as a watch needs.
    public var timeout: Int?
    /// True for a URL of a person's own that begins with http: nothing of ours is sent without TLS.
    public var allowsPlainHTTP = false

    public init(
        method: String, url: String, headers: [(name: String, value: String)] = [], body: Body = .none, trust: Trust,
        timeout: Int? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.trust = trust
        self.timeout = timeout
    }
}

/// What a server's certificate is verified against. That it is verified cannot be turned off.
public enum Trust: Hashable, Sendable {
    /// The system's authorities.
    case system
    /// These authorities, PEM, and no others.
    case authorities([UInt8])
    /// The system's authorities, and these besides.
    case systemAnd([UInt8])
}

/// A certificate and its key, both the paths of PEM files.
public struct ClientCertificate: Hashable, Sendable {
    public let certificate: String
    public let key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// A response's head.
public struct TransportHead: Sendable {
    public let status: Int
    /// In the order in which they came, names as they were written.
    public let headers: [(name: String, value: String)]

    public init(status: Int, headers: [(name: String, value: String)]) {
        self.status = status
        self.headers = headers
    }

    /// When the answer was made, in seconds since 1970 by the answering side's clock; nil where it does not say.
    public var date: Int64? {
        guard let text = headers.first(where: { $0.name.lowercased() == "date" })?.value else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds)
    }

    /// Reads a head as it came on a connection, without the empty line at its end; nil where it is none.
    public init?(parsing bytes: some Collection<UInt8>) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("HTTP/1."),
            let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            headers.append((String(line[..<colon]), String(line[line.index(after: colon)...]).trimmingSpaces()))
        }
        self.init(status: status, headers: headers)
    }

    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
