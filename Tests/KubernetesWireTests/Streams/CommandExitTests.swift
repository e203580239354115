import KubernetesWire
import Testing

@Suite struct CommandExitTests {
    private func status(_ text: String) -> CommandExit? { CommandExit(errorChannel: Array(text.utf8)) }

    @Test func readsSuccess() {
        #expect(status(#"{"metadata":{},"status":"Success"}"#) == .exited(code: 0))
    }

    @Test func readsAnExitCode() {
        let text = #"""
            {"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code",
             "reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"137"}]}}
            """#
        #expect(status(text) == .exited(code: 137))
    }

    @Test func readsAFailureWithoutACode() {
        #expect(
            status(#"{"status":"Failure","message":"no such container","reason":"InternalError"}"#)
                == .failed("no such container"))
    }

    @Test func readsTheSentenceOfOlderVersions() {
        #expect(status("container not found") == .failed("container not found"))
        #expect(status("[1]") == .failed("[1]"))
    }

    @Test func knowsNothingBeforeTheClusterSpeaks() { #expect(status("") == nil) }
}
