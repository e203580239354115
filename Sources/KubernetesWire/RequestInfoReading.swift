import Vocabulary

extension RequestInfo {
    /// Reads a request as the API server would.
    ///
    /// - Parameters:
    ///   - method: the HTTP method, in upper case.
    ///   - target: path and query as the API server would see them, without the gateway's own prefix.
    ///   - connecting: the subresources that connect.
    /// - Throws: `TargetFault` where the path could be read in two ways.
    public init(
        method: String, target: RequestTarget, connecting: ConnectSubresources = .builtIn
    ) throws(TargetFault) {
        var segments = try target.checkedSegments()[...]
        while segments.last == "" { segments = segments.dropLast() }
        guard let location = ResourceLocation(segments) else {
            self.init(isResourceRequest: false, verb: method.lowercased(), path: target.path)
            return
        }
        var verb = location.specialVerb ?? Self.verb(ofMethod: method)
        var name = location.name
        if name.isEmpty, verb == "get" {
            let query = try target.query.map { text throws(TargetFault) in try ListQuery(text) }
            verb = query?.isWatch == true ? "watch" : "list"
            name = query?.nameSelected ?? ""
        } else if name.isEmpty, verb == "delete" {
            verb = "deletecollection"
        }
        self.init(
            isResourceRequest: true, verb: verb, path: target.path, apiGroup: location.apiGroup,
            apiVersion: location.apiVersion, resource: location.resource, subresource: location.subresource,
            namespace: location.namespace, name: name, connecting: connecting)
    }

    private static func verb(ofMethod method: String) -> String {
        switch method {
        case "GET", "HEAD": "get"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": "delete"
        default: method.lowercased()
        }
    }
}

/// The parts of a resource's path, read as `RequestInfoFactory.NewRequestInfo` reads them.
private struct ResourceLocation {
    var apiGroup = ""
    var apiVersion = ""
    var namespace = ""
    var resource = ""
    var subresource = ""
    var name = ""
    /// `watch` or `proxy` of the deprecated paths `/api/v1/watch/…` and `/api/v1/proxy/…`.
    var specialVerb: String?

    /// Returns nil for a path that names no resource.
    init?(_ segments: ArraySlice<Substring>) {
        var rest = segments
        guard rest.count >= 3, let root = rest.popFirst(), root == "api" || root == "apis" else { return nil }
        if root == "apis" {
            guard rest.count >= 3 else { return nil }
            apiGroup = String(rest.removeFirst())
        }
        apiVersion = String(rest.removeFirst())
        if let first = rest.first, first == "watch" || first == "proxy" {
            specialVerb = String(first)
            rest.removeFirst()
        }
        if rest.first == "namespaces", rest.count > 1 {
            namespace = String(rest[rest.startIndex + 1])
            let next = rest.count > 2 ? rest[rest.startIndex + 2] : nil
            if let next, next != "status", next != "finalize" { rest = rest.dropFirst(2) }
        }
        let parts = Array(rest)
        resource = parts.first.map(String.init) ?? ""
        if parts.count > 1 { name = String(parts[1]) }
        if parts.count > 2, specialVerb != "proxy" { subresource = String(parts[2]) }
    }
}

/// What of a list's query decides its verb and name.
private struct ListQuery {
    var isWatch = false
    var nameSelected: String?

    init(_ query: String) throws(TargetFault) {
        // API servers differ in what they make of a raw ";", and a field that stands twice can be read as either.
        guard !query.utf8.contains(UInt8(ascii: ";")) else { throw .ambiguousQuery }
        var seen: Set<String> = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            let field = PercentEncoding.decode(parts[0], plusIsSpace: true) ?? ""
            guard field == "watch" || field == "fieldSelector" else { continue }
            guard seen.insert(field).inserted else { throw .ambiguousQuery }
            if field == "watch" {
                // Only "false" and "0" mean false (apimachinery's Convert_Slice_string_To_bool); what cannot be decoded
                // is taken for the stronger verb.
                isWatch = value?.lowercased() != "false" && value != "0"
            } else {
                nameSelected = value.flatMap { FieldSelector($0) }?.name
            }
        }
    }
}
