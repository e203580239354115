@preconcurrency import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Signals that a program ends well by, as something to wait for.
struct StopSignal {
    private let sources: [any DispatchSourceSignal]
    private let stream: AsyncStream<Int32>

    /// From now on these signals are waited for.
    static func catching(_ numbers: [Int32]) -> StopSignal {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        let sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        return StopSignal(sources: sources, stream: stream)
    }

    /// Returns when the first one comes; further ones end the program at once.
    func wait() async {
        for await number in stream {
            for source in sources { source.cancel() }
            signal(number, SIG_DFL)
            return
        }
    }
}
