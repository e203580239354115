import CLibCurl

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An easy handle with the options of one request.
final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    private var list: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

    /// Returns nil where libcurl has no memory left.
    init?(_ request: TransportRequest) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
        set(CURLOPT_URL, request.url)
        set(CURLOPT_NOSIGNAL, 1)
        _ = byline_curl_set_private_sockets(easy)
        set(CURLOPT_CONNECTTIMEOUT, 10)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_PROTOCOLS_STR, request.allowsPlainHTTP ? "https,http" : "https")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let timeout = request.timeout { set(CURLOPT_TIMEOUT, timeout) }
        if let own = request.clientCertificate {
            set(CURLOPT_SSLCERT, own.certificate)
            set(CURLOPT_SSLKEY, own.key)
        }
        switch request.trust {
        case .system: break
        case .authorities(let pem):
            setAuthorities(pem)
            // The blob is to be all that is trusted.
            _ = byline_curl_set_string(easy, CURLOPT_CAPATH, nil)
        case .systemAnd(let pem): setAuthorities(Self.systemBundle() + pem)
        }
    }

    private func setAuthorities(_ pem: [UInt8]) {
        var pem = pem
        pem.withUnsafeMutableBytes { _ = byline_curl_set_blob(easy, CURLOPT_CAINFO_BLOB, $0.baseAddress, $0.count) }
    }

    /// The file of authorities that this libcurl was built to read, which a blob takes the place of; its folder of
    /// authorities is read besides.
    private static func systemBundle() -> [UInt8] {
        guard let path = curl_version_info(CURLVERSION_EIGHTH).pointee.cainfo, let file = fopen(path, "r") else {
            return []
        }
        defer { fclose(file) }
        var bundle: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bundle += buffer[..<count] }
        return bundle + [UInt8(ascii: "\n")]
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(list)
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) { _ = byline_curl_set_long(easy, option, value) }
    func set(_ option: CURLoption, _ value: String) { _ = byline_curl_set_string(easy, option, value) }
    func set(_ option: CURLoption, offset: Int64) { _ = byline_curl_set_offset(easy, option, curl_off_t(offset)) }
    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        _ = byline_curl_set_pointer(easy, option, pointer)
    }
    func set(_ option: CURLoption, _ callback: byline_curl_data_callback) {
        _ = byline_curl_set_callback(easy, option, callback)
    }

    /// Method, headers and the way of the body.
    func setMessage(_ request: TransportRequest) {
        for (name, value) in request.headers {
            // A header without a value is written "Name;" for libcurl.
            list = curl_slist_append(list, value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        // libcurl must neither wait for a 100-continue nor add a type of its own.
        list = curl_slist_append(list, "Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "accept" }) {
            list = curl_slist_append(list, "Accept:")
        }
        _ = byline_curl_set_list(easy, CURLOPT_HTTPHEADER, list)
        switch request.body {
        case .none:
            if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) } else { set(CURLOPT_CUSTOMREQUEST, request.method) }
        case .bytes(let bytes): setUpload(request.method, Int64(bytes.count))
        case .stream(let length): setUpload(request.method, length ?? -1)
        }
    }

    private func setUpload(_ method: String, _ length: Int64) {
        set(CURLOPT_UPLOAD, 1)
        set(CURLOPT_CUSTOMREQUEST, method)
        set(CURLOPT_INFILESIZE_LARGE, offset: length)
    }

    /// What a result code means, with libcurl's own words where it has any.
    func fault(_ code: CURLcode) -> TransportFault {
        let own = String(cString: errorText)
        let words = own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: return .unreachable(words)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: return .untrusted(words)
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .badRequest(words)
        default: return .broken(words)
        }
    }
}
