#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The descriptors that this program was started with: the command it runs gets these, and none that was opened since.
public struct OpenDescriptors: Sendable {
    private let numbers: Set<Int32>
    /// Those of this program's own that the command gets as well.
    private var handedOver: Set<Int32> = []

    private init(_ numbers: Set<Int32>) { self.numbers = numbers }

    /// The descriptors that are open now; to be taken before anything is opened.
    public static func now() -> OpenDescriptors { OpenDescriptors(Set(all())) }

    /// These, and some that were opened for the command.
    func handingOver(_ others: some Sequence<Int32>) -> OpenDescriptors {
        var all = self
        all.handedOver.formUnion(others)
        return all
    }

    /// Closes every other descriptor in the programs that this one starts.
    func closeOthersOnExec() {
        for number in Self.all() where !numbers.contains(number) {
            _ = fcntl(number, F_SETFD, handedOver.contains(number) ? 0 : FD_CLOEXEC)
        }
    }

    private static func all() -> [Int32] {
        guard let folder = opendir("/dev/fd") else { return [] }
        defer { closedir(folder) }
        let own = dirfd(folder)
        var numbers: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Int32(name), number != own { numbers.append(number) }
        }
        return numbers
    }
}
