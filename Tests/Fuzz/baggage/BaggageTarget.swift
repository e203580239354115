import FuzzSupport
import Tagging

/// The baggage header's values, one a line, read and written and read again.
@main enum BaggageTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let text = input.text else { return }
        let values = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard let byline = try? Baggage.decode(values) else { return }
        let written = Baggage.encode(byline)
        // Percent-encoding can make a byline longer than a header may be.
        guard written.utf8.count <= Baggage.maximumLength else { return }
        let read = try? Baggage.decode([written])
        Property.hold(read == byline, "a byline changes in baggage")
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    BaggageTarget.test(FuzzInput(start, count))
    return 0
}
