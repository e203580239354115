/// Paths as text.
public enum Path {
    /// The folder that holds the path; "." for a bare name.
    public static func folder(of path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed = trimmed.dropLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// `path` as seen from `folder`, unless it is absolute.
    public static func resolve(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    /// The path without doubled slashes, `.` and `..`, as it is written in the shortest way; "." for an empty one.
    public static func clean(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var names: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name == "..", let last = names.last, last != ".." {
                names.removeLast()
            } else if name != ".." || !isAbsolute {
                names.append(name)
            }
        }
        let joined = (isAbsolute ? "/" : "") + names.joined(separator: "/")
        return joined.isEmpty ? "." : joined
    }
}
