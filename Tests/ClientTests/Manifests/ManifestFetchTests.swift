import Testing

@testable import Client

@Suite struct ManifestFetchTests {
    @Test(arguments: [
        ("https://a/b/c?d", "e", "https://a/b/e"), ("https://a", "e", "https://a/e"),
        ("https://a:1/b/c", "/e?f", "https://a:1/e?f"), ("http://a/b", "//c/d", "http://c/d"),
        ("https://a/b", "https://c/d", "https://c/d"), ("https://a/b/", "c", "https://a/b/c"),
    ])
    func followsARedirectToWhereItLeads(_ url: String, _ target: String, _ expected: String) {
        #expect(ManifestFetch.resolve(target, from: url) == expected)
    }

    @Test func showsNoPasswordOfAURL() {
        #expect(ManifestFetch.withoutUser("https://me:pw@host/a@b") == "https://host/a@b")
        #expect(ManifestFetch.withoutUser("https://host/a@b") == "https://host/a@b")
    }
}
