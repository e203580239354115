import Testing

@testable import Client

@Suite struct KubectlCommandLineTests {
    /// The arguments, with every file that is named put into angle brackets; nil where nothing is to be annotated.
    private func rewritten(_ line: String) -> String? {
        let line = KubectlCommandLine(line.split(separator: " ").map(String.init))
        guard case .files(let flags, _) = line.manifests else { return nil }
        var names: [Int: [String]] = [:]
        for flag in flags {
            names[flag.range.lowerBound] = (KubectlCommandLine.names(in: flag.value) ?? []).map { "<\($0)>" }
        }
        return line.replacing(names).joined(separator: " ")
    }

    @Test(arguments: [
        ("apply -f a", "apply --filename=<a>"),
        ("apply -fa", "apply --filename=<a>"),
        ("apply -f=a", "apply --filename=<a>"),
        ("apply --filename a", "apply --filename=<a>"),
        ("apply --filename=a,b -f c", "apply --filename=<a>,<b> --filename=<c>"),
        ("apply -Rf a", "apply -R --filename=<a>"),
        ("apply -Rfa --server-side", "apply -R --filename=<a> --server-side"),
        ("-n x apply -f a --dry-run=server", "-n x apply --filename=<a> --dry-run=server"),
        ("--context c --v 8 create -f -", "--context c --v 8 create --filename=<->"),
        ("apply --dry-run -f a", "apply --dry-run --filename=<a>"),
        ("diff --unknown=1 -f a", "diff --unknown=1 --filename=<a>"),
        ("-f a replace --force", "--filename=<a> replace --force"),
    ])
    func findsEveryWayToNameAFile(_ given: String, _ expected: String) {
        #expect(rewritten(given) == expected)
    }

    @Test(arguments: [
        "get -f a", "delete -f a", "apply set-last-applied -f a", "create configmap c --from-file f",
        "apply -f a -- b", "apply b -f a", "apply --unknown -f a", "apply -f", "apply -f a -k b", "apply -k b -R",
        "apply -k a -k b", "apply -f a --help", "apply -h -f a", "create --raw /api -f a", "apply",
        "exec p -- apply -f a", "",
    ])
    func leavesToKubectlWhatItDoesNotUnderstand(_ given: String) {
        let line = KubectlCommandLine(given.split(separator: " ").map(String.init))
        if let manifests = line.manifests { Issue.record("\(manifests)") }
    }

    @Test func findsAKustomization() {
        guard case .kustomization(let flag) = KubectlCommandLine(["apply", "-k", "overlays/a"]).manifests else {
            Issue.record("no kustomization")
            return
        }
        #expect(flag.value == "overlays/a")
    }

    @Test func readsNamesAsALineOfCSV() {
        #expect(KubectlCommandLine.names(in: #"a,"b,c","d""e""#) == ["a", "b,c", #"d"e"#])
        #expect(KubectlCommandLine.names(in: "") == [])
        #expect(KubectlCommandLine.names(in: #"a"b"#) == nil)
        #expect(KubectlCommandLine.names(in: #""a"#) == nil)
        #expect(CommaSeparated.field("b,c") == #""b,c""#)
    }

    @Test(arguments: [
        ("config view", true), ("", true), ("--help", true), ("get --help", true), ("version --client", true),
        ("version", false), ("get pods", false), ("exec p -- sh --help", false), ("byline login u", true),
        ("--kubeconfig f config view", true), ("--unknown config", false),
    ])
    func knowsWhatNeedsNoServer(_ given: String, _ isLocal: Bool) {
        #expect(KubectlCommandLine(given.split(separator: " ").map(String.init)).isLocal == isLocal)
    }
}
