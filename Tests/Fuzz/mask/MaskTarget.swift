import FuzzSupport
import KubernetesWire
import Masking
import NIOCore
import Vocabulary

/// Masking a Secret's JSON: however it is cut the same comes out, what was JSON stays JSON, and what holds nothing to mask
/// stays as it is.
@main enum MaskTarget {
    static func main() { Fuzzer.run() }

    private static let plan: MaskingPlan? = {
        guard let keys = try? MaskKeys(file: MaskKeys.generateFile()) else { return nil }
        let secrets = RequestInfo(isResourceRequest: true, verb: "get", path: "", apiVersion: "v1", resource: "secrets")
        return MaskingPolicy(MaskingConfiguration(), keys: keys).plan(for: secrets, cluster: "c", session: "s")
    }()

    /// What comes out; nil where it is refused.
    private static func mask(_ pieces: [ArraySlice<UInt8>]) -> (bytes: [UInt8], masked: Int)? {
        guard let plan else { return nil }
        do throws(MaskingFault) {
            var masker = try plan.responseMasker(contentType: "application/json", contentEncoding: nil)
            var bytes: [UInt8] = []
            var masked = 0
            for piece in pieces {
                let masking = try masker.consume(ByteBuffer(bytes: piece))
                bytes += masking.delivered.bytes.readableBytesView
                masked += masking.maskings.count
            }
            let last = try masker.finish()
            return (bytes + last.delivered.bytes.readableBytesView, masked + last.maskings.count)
        } catch { return nil }
    }

    static func test(_ input: FuzzInput) {
        let whole = mask([input.bytes[...]])
        let cut = mask(input.pieces(of: input.bytes[...], seed: 7))
        Property.hold(whole?.bytes == cut?.bytes, "where the pieces are cut matters")
        if (try? JSON(parsing: input.bytes)) != nil {
            Property.hold(whole.flatMap { try? JSON(parsing: $0.bytes) } != nil, "JSON became something else")
        }
        if let whole, whole.masked == 0 { Property.hold(whole.bytes == input.bytes, "something else was changed") }
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    MaskTarget.test(FuzzInput(start, count))
    return 0
}
