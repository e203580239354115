import FuzzSupport
import Vocabulary

/// JSON read and written canonically: what was written so stays the same.
@main enum JSONTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let json = try? JSON(parsing: input.bytes) else { return }
        let canonical = json.canonicalBytes
        guard let again = try? JSON(parsing: canonical) else {
            Property.hold(false, "canonical JSON cannot be read")
            return
        }
        Property.hold(again.canonicalBytes == canonical, "canonical JSON is not a fixed point")
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    JSONTarget.test(FuzzInput(start, count))
    return 0
}
