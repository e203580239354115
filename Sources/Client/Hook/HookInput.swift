import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a tool writes to its hook: read to its end, so that the tool never meets a closed pipe, kept up to a limit, and
/// waited for only so long.
enum HookInput {
    /// A model's whole conversation may be in it.
    static let limit = 32 << 20
    static let seconds: UInt64 = 5

    /// Reads a descriptor to its end.
    static func read(_ descriptor: Int32 = STDIN_FILENO) throws(HookFault) -> [UInt8] {
        let deadline = MonotonicClock.nanoseconds() + seconds * 1_000_000_000
        var bytes: [UInt8] = []
        var isTooLong = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let now = MonotonicClock.nanoseconds()
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard now < deadline, poll(&polled, 1, Int32((deadline - now) / 1_000_000) + 1) != 0 else { throw .noEnd }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
            if count == 0 { break }
            isTooLong = isTooLong || bytes.count + count > limit
            if !isTooLong { bytes.append(contentsOf: buffer[..<count]) }
        }
        guard !isTooLong else { throw .tooLong(limit: limit) }
        return bytes
    }
}
