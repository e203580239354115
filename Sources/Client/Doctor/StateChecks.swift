import ContextReading
import LocalState
import Tagging
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The person's state folder, which must be closed to others, and what is known of who writes.
struct StateChecks {
    /// More files than this are not looked at.
    private static let fileLimit = 10_000

    private let environment: Environment

    init(_ environment: Environment) { self.environment = environment }

    func all() -> [Check] { [folder(), context()] }

    private func folder() -> Check {
        let name = "state folder"
        guard let path = StateFolders.person(environment: environment.variables) else {
            return .fault(name, .noStateFolder)
        }
        guard access(path, F_OK) == 0 else { return .note(name, "\(path) is not there yet") }
        var open: [String] = []
        var left = Self.fileLimit
        Self.look(path, &open, &left)
        guard let first = open.first else { return .ok(name, "\(path), closed to others") }
        return .fault(
            name,
            open.count == 1 ? "\(first) can be reached by others" : "\(open.count) files can be reached by others",
            hint: "run: chmod -R go= \(path)")
    }

    /// Gathers what others can reach, or what belongs to someone else.
    private static func look(_ path: String, _ open: inout [String], _ left: inout Int) {
        var status = stat()
        guard left > 0, lstat(path, &status) == 0 else { return }
        left -= 1
        if status.st_mode & S_IFMT == S_IFSOCK { return }
        if status.st_mode & S_IFMT != S_IFLNK, status.st_mode & 0o077 != 0 || status.st_uid != geteuid() {
            open.append(path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { look("\(path)/\(name)", &open, &left) }
        }
    }

    private func context() -> Check {
        let context = ContextReader(variables: environment.variables).read()
        if let fault = context.faults.first {
            return .fault("context", fault.sentence, hint: "correct it; byline context shows what is used instead")
        }
        let known = context.byline.fields.map { "\($0.field.shortName) \($0.claim.value)" }
        guard !known.isEmpty else {
            return .note("context", "nothing tells who writes: requests are recorded without a model")
        }
        return .ok("context", known.joined(separator: ", "))
    }
}
