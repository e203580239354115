import KubernetesWire

/// What masks are bound to besides the object and the field: two answers in one scope show equal masks for equal values.
struct MaskScope: Hashable, Sendable {
    let name: [UInt8]

    /// Objects of one resource of one cluster.
    static func objects(cluster: String, _ request: RequestInfo) -> MaskScope {
        MaskScope(name: Array("objects\n\(cluster)\n\(request.apiGroup)\n\(request.resource)".utf8))
    }

    /// Text that one session reads of one thing, such as a pod's log.
    static func text(cluster: String, session: String, _ request: RequestInfo) -> MaskScope {
        MaskScope(
            name: Array("text\n\(cluster)\n\(session)\n\(request.resource)\n\(request.namespace)\n\(request.name)".utf8)
        )
    }

    /// A scope of its own, for words that a caller may have chosen: answers to writes, errors, requests. Their masks equal
    /// nothing that was or will be shown.
    static func fresh() -> MaskScope {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return MaskScope(name: Array("fresh\n".utf8) + random)
    }
}
