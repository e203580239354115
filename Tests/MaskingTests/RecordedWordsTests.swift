import Testing

@testable import Masking

@Suite struct RecordedWordsTests {
    private let words = RecordedWords.builtIn

    @Test(arguments: [
        "/api/v1/namespaces/n/pods/p/exec?command=--password%3DKiesel-88-Gong",
        "/api/v1/namespaces/n/pods/p/exec?command=--password%253DKiesel-88-Gong",
        "/api/v1/namespaces/n/pods/p/exec?command=mysql&command=--password&command=Kiesel-88-Gong&stdout=true",
        "/api/v1/namespaces/n/pods/p/exec?command=sh&command=-c&command=export+DB_PASSWORD%3DKiesel-88-Gong",
        "/api/v1/namespaces/n/pods/password=Kiesel-88-Gong", "/api/v1/namespaces/n/pods/password%3DKiesel-88-Gong",
        "/api/v1/pods?labelSelector=a%3Db,password%3DKiesel-88-Gong", "/x?password=Kiesel-88-Gong",
        "/api/v1/namespaces/n/services/s/proxy/https://app:Kiesel-88-Gong@db/x",
        "/x?note=https%3A%2F%2Fu:Kiesel-88-Gong@h",
    ])
    func noSecretStandsInATarget(_ target: String) {
        let shown = words.shown(target: target)
        #expect(!shown.contains("Kiesel") && shown.contains("masked"), "\(shown)")
    }

    @Test(arguments: [
        "/api/v1/namespaces/n/secrets/db-token-7xk2p", "/api/v1/secrets?limit=500&labelSelector=app%3Dweb",
        "/apis/apps/v1/namespaces/n/deployments/web?fieldManager=kubectl-client-side-apply&fieldValidation=Strict",
        "/api/v1/namespaces/n/pods/p/exec?command=ls&command=-l&container=c&stdout=true",
        "/api/v1/namespaces/n/pods/p/exec?command=sh&command=-c&command=echo+%24HOME+100%25", "/api/v1/pods?a=1&&b",
        "/apis/x/v1/things?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ%3D%3D",
    ])
    func otherTargetsStayByteForByte(_ target: String) { #expect(words.shown(target: target) == target) }

    @Test func wordsAreMaskedWhereASecretStandsInThem() {
        #expect(words.shown("curl/8 password=Kiesel-88-Gong x") == "curl/8 password=masked x")
        #expect(words.shown("password%3DKiesel-88-Gong") == "masked")
        #expect(words.shown("password%2525252525253DKiesel-88-Gong") == "masked")
        for honest in ["kubectl/v1.37.1 (linux/amd64) kubernetes/abc", "application/apply-patch+yaml", "claude-opus-4"]
        {
            #expect(words.shown(honest) == honest)
        }
    }
}
