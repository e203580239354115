import FuzzSupport
import KubernetesWire

/// A request's target into RequestInfo: what is taken is, byte for byte, what is forwarded, and what policy judges of it has
/// no second reading.
@main enum PathTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let text = input.text, let target = try? RequestTarget(text) else { return }
        Property.hold(target.text.utf8.elementsEqual(input.bytes), "a target changes as it is read")
        if let (cluster, rest) = target.inCluster {
            let whole = "/clusters/\(cluster)\(rest.text)"
            let bare = "/clusters/\(cluster)\(target.query.map { "?\($0)" } ?? "")"
            Property.hold(whole == text || bare == text, "a cluster's prefix changes the target")
        }
        for method in ["GET", "POST", "DELETE"] {
            guard let info = try? RequestInfo(method: method, target: target) else { continue }
            Property.hold(info.path.utf8.elementsEqual(target.path.utf8), "a path changes as it is read")
            holdUnambiguous(info)
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    PathTarget.test(FuzzInput(start, count))
    return 0
}

/// No dots, doubled slashes or percent-encodings but in the tail that belongs to a proxied server.
private func holdUnambiguous(_ info: RequestInfo) {
    var segments = info.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if info.isResourceRequest, info.subresource == "proxy", info.isConnect,
        let proxy = segments.dropFirst(3).firstIndex(of: "proxy")
    {
        segments = segments[...proxy]
    }
    if segments.last == "" { segments = segments.dropLast() }
    for segment in segments {
        Property.hold(!segment.isEmpty, "an empty segment is judged")
        Property.hold(segment != "." && segment != "..", "a dot segment is judged")
        Property.hold(!segment.utf8.contains(UInt8(ascii: "%")), "an encoded segment is judged")
    }
    let judged = [info.apiGroup, info.apiVersion, info.namespace, info.resource, info.subresource]
    for part in judged where !part.isEmpty {
        Property.hold(segments.contains { $0 == part }, "a part stands nowhere in the path")
    }
}
