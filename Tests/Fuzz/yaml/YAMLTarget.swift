import FuzzSupport
import YAMLReading

/// A YAML document read into its tree, within the reader's limits.
@main enum YAMLTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let root = try? YAMLNode.read(input.bytes) else { return }
        var nodes = 0
        measure(root, depth: 1, nodes: &nodes)
        Property.hold(nodes <= YAMLNode.maximumNodes, "a document above the limit of nodes is read")
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    YAMLTarget.test(FuzzInput(start, count))
    return 0
}

private func measure(_ node: YAMLNode, depth: Int, nodes: inout Int) {
    Property.hold(depth <= YAMLNode.maximumDepth + 1, "a document above the limit of depth is read")
    nodes += 1
    for element in node.elements ?? [] { measure(element, depth: depth + 1, nodes: &nodes) }
    for entry in node.entries ?? [] { measure(entry.value, depth: depth + 1, nodes: &nodes) }
}
