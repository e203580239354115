/// The subresources that connect: what a caller reaches through them runs inside a pod, a node or a virtual machine, or tunnels
/// to it. Only here may a request upgrade its connection, and whatever the method, it counts as `create`.
public struct ConnectSubresources: Hashable, Sendable {
    /// A subresource of one resource.
    public struct Name: Hashable, Sendable {
        public let apiGroup: String
        public let resource: String
        public let subresource: String

        public init(apiGroup: String, resource: String, subresource: String) {
            self.apiGroup = apiGroup
            self.resource = resource
            self.subresource = subresource
        }

        /// Reads `RESOURCE[.GROUP]/SUBRESOURCE`, as `byline-gateway check --can` writes it; nil for anything else.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { return nil }
            let names = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let resource = names.first, !resource.isEmpty, names.count == 1 || !names[1].isEmpty else {
                return nil
            }
            guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "*") }) else { return nil }
            self.init(
                apiGroup: names.count == 2 ? String(names[1]) : "", resource: String(resource),
                subresource: String(parts[1]))
        }
    }

    /// Those of Kubernetes and of KubeVirt.
    public static let builtIn = ConnectSubresources()

    private static let kubeVirtGroup = "subresources.kubevirt.io"

    private let added: Set<Name>

    /// - Parameter added: those of other aggregated APIs, beside the built-in ones.
    public init(adding added: some Sequence<Name> = []) { self.added = Set(added) }

    /// True where the subresource connects.
    public func contains(apiGroup: String, resource: String, subresource: String) -> Bool {
        guard !subresource.isEmpty else { return false }
        switch (resource, subresource) {
        // In any group: a group that calls a resource so means the same.
        case ("pods", "exec"), ("pods", "attach"), ("pods", "portforward"): return true
        case ("pods", "proxy"), ("services", "proxy"), ("nodes", "proxy"): return true
        case ("virtualmachineinstances", "console"), ("virtualmachineinstances", "vnc"),
            ("virtualmachineinstances", "portforward"), ("virtualmachineinstances", "usbredir"),
            ("virtualmachineinstances", "vsock"), ("virtualmachines", "portforward"):
            return apiGroup == Self.kubeVirtGroup || holds(apiGroup, resource, subresource)
        default: return holds(apiGroup, resource, subresource)
        }
    }

    private func holds(_ apiGroup: String, _ resource: String, _ subresource: String) -> Bool {
        !added.isEmpty && added.contains(Name(apiGroup: apiGroup, resource: resource, subresource: subresource))
    }
}
