import LocalState
import TestSupport
import Testing
import Vocabulary

@testable import CredentialCache

@Suite struct CredentialRequestTests {
    private static let variables = ["BYLINE_STATE": "/nowhere", "BYLINE_GATEWAY": "https://gateway.example/"]

    @Test func readsTheGatewayAndTheBylineInBothSpellings() throws {
        let request = try #require(
            CredentialRequest(
                arguments: ["--gateway", "https://g.example//", "--model=m-1", "--prompt-id", "p=1"],
                variables: Self.variables))
        #expect(request.gateway == "https://g.example")
        #expect(request.byline[.model]?.value == "m-1")
        #expect(request.byline[.promptID]?.value == "p=1")
    }

    @Test func thatThePromptIsSentChangesNothingOfWhatIsKept() {
        let request = CredentialRequest(arguments: ["--send-prompt", "--model", "m"], variables: Self.variables)
        #expect(request?.byline == CredentialRequest(arguments: ["--model", "m"], variables: Self.variables)?.byline)
    }

    @Test func takesTheGatewayOfTheEnvironmentWhereNoneIsNamed() {
        let request = CredentialRequest(arguments: [], variables: Self.variables)
        #expect(request?.gateway == "https://gateway.example")
    }

    @Test(arguments: [
        ["--help"], ["--gateway"], ["--model", "m", "--model", "n"], ["--prompt-file", "f"], ["get"],
        ["--gateway", "http://plain.example"], ["--gateway", "--model", "m"],
    ])
    func leavesEveryOtherCommandLineToTheWholeProgram(_ arguments: [String]) {
        #expect(CredentialRequest(arguments: arguments, variables: Self.variables) == nil)
    }

    @Test func anAccountIsTheFirstThatTheEnvironmentNames() {
        #expect(Account(variables: ["BYLINE_IDENTITY": "a", "BYLINE_TOKEN_FILE": "f"]) == .tokenFile("f"))
        #expect(Account(variables: ["BYLINE_IDENTITY": "", "HOME": "/"]) == .last)
    }

    @Test func withoutExecInfoItAnswersInVersionOne() {
        #expect(CredentialAnswer.Question(variables: [:]).apiVersion == "client.authentication.k8s.io/v1")
        let beta =
            #"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","spec":{"interactive":true}}"#
        let question = CredentialAnswer.Question(variables: ["KUBERNETES_EXEC_INFO": beta])
        #expect(question.isAnswerable && question.isInteractive == true)
        #expect(!CredentialAnswer.Question(variables: ["KUBERNETES_EXEC_INFO": "{"]).isAnswerable)
    }
}
