import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// Each wrong input gets a sentence, a hint, and an exit code that is not 0.
    @Suite struct WrongInputTests {
        @Test func aMissingKubeconfig() async throws {
            try await expect(["dev", "--kubeconfig", "/nonexistent/config"], "no kubeconfig at /nonexistent/config")
        }

        @Test func anUnknownContext() async throws {
            let environment = try EndToEnd.environment()
            try await expect(
                ["dev", "--kubeconfig", environment.kubeconfig, "--context", "nope"], "has no context \"nope\"")
        }

        @Test func anAPIServerThatIsNotThere() async throws {
            let folder = try TemporaryFolder()
            let config = "\(folder.path)/config"
            try """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """.write(toFile: config, atomically: true, encoding: .utf8)
            try await expect(
                ["dev", "--kubeconfig", config], "the API server at 127.0.0.1:1 cannot be reached: Connection refused")
        }

        @Test func aPortInUse() async throws {
            let environment = try EndToEnd.environment()
            let taken = try BoundSocket(host: "127.0.0.1", port: 0)
            let descriptor = (port: taken.port, socket: taken.take())
            listen(descriptor.socket, 1)
            try await expect(
                ["dev", "--kubeconfig", environment.kubeconfig, "--listen", "127.0.0.1:\(descriptor.port)"],
                "the port is in use")
            close(descriptor.socket)
        }

        @Test func anUnknownFlagIsAUsageError() async throws {
            try await expect(["dev", "--kubeconfg", "x"], "Unknown option '--kubeconfg'", code: 2, hint: false)
        }

        @Test(.enabled(if: geteuid() == 0, "giving a folder away needs root"))
        func aStateFolderOfSomeoneElse() async throws {
            let environment = try EndToEnd.environment()
            let folder = try TemporaryFolder()
            let state = "\(folder.path)/state"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            chown(state, 65_534, 65_534)
            try await expect(
                ["dev", "--kubeconfig", environment.kubeconfig, "--state", state], "it belongs to uid 65534")
        }

        @Test func aJournalOfANewerFormat() async throws {
            let environment = try EndToEnd.environment()
            let folder = try TemporaryFolder()
            let journal = "\(folder.path)/state/journal"
            try FileManager.default.createDirectory(
                atPath: journal, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            var header = Data("BYLINEJ\n".utf8) + Data([9, 0, 0, 0]) + Data(count: 36)
            header[16] = 1
            try header.write(to: URL(fileURLWithPath: "\(journal)/0000000001.byl"))
            try await expect(
                ["dev", "--kubeconfig", environment.kubeconfig, "--state", "\(folder.path)/state"],
                "is of journal format 9, this program reads format 1")
        }

        @Test func anUnknownSessionAndNoSignIn() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let unknown = try await gateway.byline(["replay", "s-unknown"])
            #expect(unknown.code == 1)
            #expect(
                unknown.error
                    == "byline: no session and no exchange \"s-unknown\" is recorded at this gateway\nhint: list them with: byline sessions\n"
            )
            #expect(try await gateway.byline(["logout"]).code == 0)
            let signedOut = try await gateway.byline(["run", "--", "true"])
            #expect(signedOut.code == 1)
            #expect(signedOut.error == "byline: not signed in\nhint: run: byline login https://GATEWAY\n")
            await gateway.stop()
        }

        @Test func anExpiredSignInIsMadeAnewFromItsClientCredentials() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let folder = "\(gateway.folder.path)/client/sign-ins"
            let file = try #require(
                FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }.first {
                    $0.hasSuffix(".json")
                })
            var members = try JSON(parsing: PrivateFile.read("\(folder)/\(file)")).members ?? []
            members.removeAll { $0.name == "expiration" || $0.name == "refreshToken" }
            members.append(JSON.Member("expiration", "2020-01-01T00:00:00Z"))
            try PrivateFile.replaceAtomically("\(folder)/\(file)", with: JSON.object(members).canonicalBytes)
            let expired = try await gateway.byline(["run", "--", "true"])
            #expect(expired.code == 0 && expired.error.isEmpty, "\(expired.error)")
            await gateway.stop()
        }

        @Test func aGatewayThatIsNotTrusted() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let login = try await gateway.byline([
                "login", gateway.url, "--client-credentials", "\(gateway.state)/client.json",
            ])
            #expect(login.code == 1)
            #expect(login.error.contains("is not trusted"))
            #expect(login.error.contains("--certificate-authority FILE; verification cannot be turned off"))
            await gateway.stop()
        }

        private func expect(
            _ arguments: [String], _ sentence: String, code: Int32 = 1, hint: Bool = true,
            at location: SourceLocation = #_sourceLocation
        ) async throws {
            let environment = try EndToEnd.environment()
            let folder = try TemporaryFolder()
            var arguments = arguments
            if !arguments.contains("--state") { arguments += ["--state", "\(folder.path)/state"] }
            if !arguments.contains("--listen") { arguments += ["--listen", "127.0.0.1:0"] }
            let result = try await RunningProgram.run(
                "\(environment.programs)/byline-gateway", arguments,
                environment: ["HOME": folder.path, "PATH": "/usr/bin:/bin"])
            #expect(result.code == code, sourceLocation: location)
            #expect(result.error.contains(sentence), "\(result.error)", sourceLocation: location)
            #expect(!hint || result.error.contains("\nhint: "), sourceLocation: location)
        }
    }
}
