import Foundation

/// CPU that was used so far, in nanoseconds.
enum ProcessCPU {
    /// By the clock of all threads of this process, or that of the calling one.
    static func nanoseconds(of clock: clockid_t = CLOCK_PROCESS_CPUTIME_ID) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// The most memory that this process ever held resident, in bytes.
enum ProcessMemory {
    static func peak() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1_024 } ?? 0
    }
}
