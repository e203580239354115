/// One step of the path to a field of a body.
enum Step: Hashable {
    case member([UInt8])
    case index(Int)

    static func member(_ name: String) -> Step { .member(Array(name.utf8)) }

    /// A path as JSONPath writes it: `.data['tls.key']`, `.spec.containers[0].env`.
    static func text(_ path: [Step]) -> String {
        guard !path.isEmpty else { return "$" }
        return path.map { step in
            switch step {
            case .index(let index): return "[\(index)]"
            case .member(let name):
                let text = String(decoding: name, as: UTF8.self)
                let isPlain = name.allSatisfy {
                    $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
                }
                return isPlain && !name.isEmpty ? ".\(text)" : "['\(text)']"
            }
        }.joined()
    }
}
