import LocalState
import TestSupport
import Testing
import Vocabulary

@testable import CredentialCache

@Suite struct SessionCacheTests {
    private let state: TemporaryFolder
    private let folder: SignInFolder
    private let key = SessionKey(gateway: "https://g.example", account: "sign-in a", byline: "prompt.id=p-1")
    private let now = Timestamp(seconds: 1_800_000_000)

    init() throws {
        state = try TemporaryFolder()
        folder = SignInFolder(gateway: "https://g.example", inPerson: state.path)
    }

    private func session(_ token: String, for seconds: Int64) -> CachedSession {
        CachedSession(token: token, expiration: now.advanced(bySeconds: seconds))
    }

    @Test func givesATokenOutUntilItsEndAndUnderItsOwnKeyOnly() throws {
        let cache = SessionCache(folder)
        try cache.store(session("t-1", for: 60), for: key, now: now)
        #expect(cache.load(key, now: now)?.token == "t-1")
        #expect(cache.load(key, now: now.advanced(bySeconds: 60)) == nil)
        let other = SessionKey(gateway: key.gateway, account: key.account, byline: "prompt.id=p-2")
        #expect(cache.load(other, now: now) == nil)
    }

    @Test func aFileOfAnotherKeyIsNotTakenForItsOwn() throws {
        let cache = SessionCache(folder)
        let other = SessionKey(gateway: key.gateway, account: "sign-in b", byline: key.byline)
        try PrivateFile.makeFolder(folder.sessions)
        try PrivateFile.create(folder.session(key.text), with: Array(session("t-2", for: 60).text(for: other).utf8))
        #expect(cache.load(key, now: now) == nil)
    }

    @Test func aFileThatOthersCanReadIsNotTrusted() throws {
        let cache = SessionCache(folder)
        try cache.store(session("t-1", for: 60), for: key, now: now)
        try PrivateFile.replaceAtomically(
            folder.session(key.text), with: Array(session("t-1", for: 60).text(for: key).utf8), mode: 0o644)
        #expect(cache.load(key, now: now) == nil)
    }

    @Test func storingDropsWhatHasEndedAndClearingDropsAll() throws {
        let cache = SessionCache(folder)
        let old = SessionKey(gateway: key.gateway, account: key.account, byline: "prompt.id=p-0")
        try cache.store(session("t-0", for: 10), for: old, now: now)
        try cache.store(session("t-1", for: 60), for: key, now: now.advanced(bySeconds: 20))
        #expect(throws: FileFault.self) { try PrivateFile.read(folder.session(old.text)) }
        cache.clear()
        #expect(cache.load(key, now: now) == nil)
    }
}
