import KubernetesWire
import Testing
import Vocabulary
import YAMLReading

@Suite struct KubeconfigTests {
    static let plain = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: c
          cluster: {server: "https://127.0.0.1:6443/prefix/", certificate-authority: ca.crt, tls-server-name: api}
        users:
        - name: u
          user: {token: secret}
        - name: certificate
          user: {client-certificate-data: YWJj, client-key: keys/k.pem}
        contexts:
        - {name: x, context: {cluster: c, user: u}}
        - {name: y, context: {cluster: c, user: certificate}}
        - {name: dangling, context: {cluster: other, user: u}}
        current-context: x
        """

    private func read(_ text: String, file: String = "/home/a/.kube/config") throws -> Kubeconfig {
        var kubeconfig = Kubeconfig()
        try kubeconfig.add(Array(text.utf8), file: file)
        return kubeconfig
    }

    @Test func readsServerTrustAndCredential() throws {
        let upstream = try read(Self.plain).upstream(context: nil)
        #expect(upstream.server.description == "https://127.0.0.1:6443/prefix")
        #expect(upstream.certificateAuthority == .file("/home/a/.kube/ca.crt"))
        #expect(upstream.tlsServerName == "api")
        #expect(upstream.credential == .token("secret"))
        let other = try read(Self.plain).upstream(context: "y")
        #expect(
            other.credential
                == .clientCertificate(certificate: .inline(Array("abc".utf8)), key: .file("/home/a/.kube/keys/k.pem")))
    }

    @Test func theFirstFileToNameAThingWins() throws {
        var kubeconfig = try read("current-context: y")
        try kubeconfig.add(Array(Self.plain.utf8), file: "/b/config")
        #expect(kubeconfig.currentContext == "y")
        #expect(try kubeconfig.upstream(context: "x").certificateAuthority == .file("/b/ca.crt"))
    }

    @Test func namesWhatIsWrongAndWhere() throws {
        #expect(throws: KubeconfigFault.self) { try read(Self.plain).upstream(context: "nope") }
        #expect(throws: KubeconfigFault.self) { try read(Self.plain).upstream(context: "dangling") }
        do {
            _ = try read("clusters:\n- name: c\n  cluster: {server: x}\n  cluster: {}\n")
            Issue.record("a key that stands twice was accepted")
        } catch let fault as KubeconfigFault {
            #expect(fault.place?.line == 4)
        }
    }

    @Test(arguments: ["insecure-skip-tls-verify: true", "insecure-skip-tls-verify: yes"])
    func verificationIsNeverTurnedOff(line: String) throws {
        let text = Self.plain.replacing("tls-server-name: api", with: line)
        do {
            _ = try read(text).upstream(context: nil)
            Issue.record("verification was turned off")
        } catch let fault as KubeconfigFault {
            if case .verificationTurnedOff = fault.reason { return }
            Issue.record("\(fault)")
        }
    }

    @Test(arguments: ["http://a", "https://", "https://a:0", "https://a:70000", "https://u@a", "https://a?x", "a"])
    func onlyHTTPSServersAreTaken(text: String) { #expect(ServerAddress(text) == nil) }

    @Test func readsAddresses() throws {
        #expect(try #require(ServerAddress("https://[::1]:6443")).authority == "[::1]:6443")
        #expect(try #require(ServerAddress("https://example.com/a/b//")).pathPrefix == "/a/b")
        #expect(try #require(ServerAddress("https://example.com")).port == 443)
    }
}
