import Testing

@testable import Client

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct KernelKeyringTests {
    @Test func aSecretIsKeptReplacedAndForgotten() throws {
        let name = "byline:test-\(UInt64.random(in: 0...UInt64.max))"
        #expect(KernelKeyring.load(name) == nil)
        do throws(KernelKeyring.Refusal) { try KernelKeyring.store(Array("first".utf8), as: name) } catch {
            // Where the kernel lets nobody: then nothing is kept, and the cause is told.
            #expect([EPERM, EACCES, ENOSYS, EDQUOT].contains(error.code), "\(error.cause)")
            #expect(KernelKeyring.load(name) == nil)
            return
        }
        #expect(KernelKeyring.load(name) == Array("first".utf8))
        try KernelKeyring.store([UInt8](repeating: 7, count: 8_000), as: name)
        #expect(KernelKeyring.load(name) == [UInt8](repeating: 7, count: 8_000))
        KernelKeyring.remove(name)
        #expect(KernelKeyring.load(name) == nil)
        KernelKeyring.remove(name)
    }

    @Test func whatIsTooLongIsRefused() {
        #expect(throws: KernelKeyring.Refusal.self) {
            try KernelKeyring.store([UInt8](repeating: 7, count: 40_000), as: "byline:test-too-long")
        }
    }
}
