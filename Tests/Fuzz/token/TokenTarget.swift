import FuzzSupport
import Vocabulary

@testable import Authentication

/// A bearer token taken apart, before its signature is looked at.
@main enum TokenTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let text = input.text, let token = try? SignedToken(text) else { return }
        Property.hold(text.utf8.count <= SignedToken.maximumLength, "a token above the limit is read")
        for part in [token.header, token.payload] {
            let names = part.members?.map(\.name)
            Property.hold(names != nil, "a part is no object")
            Property.hold(Set(names ?? []).count == names?.count, "a claim stands twice")
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    TokenTarget.test(FuzzInput(start, count))
    return 0
}
