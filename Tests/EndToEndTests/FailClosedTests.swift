import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// What cannot be recorded does not reach the cluster; service comes back by itself.
    @Suite struct FailClosedTests {
        @Test func aFolderMadeReadOnlyStopsMutationsUntilItIsWritableAgain() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let name = "read-only-\(UInt32.random(in: 0...UInt32.max))"
            #expect(try await gateway.kubectl(["get", "namespaces"]).code == 0)
            chmod("\(gateway.state)/journal", 0o500)
            try await expectRefused(gateway, name, cause: "made read-only")
            chmod("\(gateway.state)/journal", 0o700)
            try await expectServiceIsBack(gateway, name)
            await gateway.stop()
        }

        @Test(.enabled(if: geteuid() == 0, "a file system of its own needs root"))
        func aFullDiskStopsMutationsUntilThereIsSpaceAgain() async throws {
            let folder = try TemporaryFolder()
            let disk = "\(folder.path)/disk"
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
            let mounted = try await RunningProgram.run(
                "/bin/mount", ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", disk], environment: [:])
            #expect(mounted.code == 0, "\(mounted.error)")
            do {
                let gateway = try await GatewayUnderTest.start(
                    EndToEnd.environment(), folder: folder, state: "\(disk)/state")
                let name = "full-disk-\(UInt32.random(in: 0...UInt32.max))"
                #expect(try await gateway.kubectl(["get", "namespaces"]).code == 0)
                let filler = try fill(disk)
                try await useUpTheLastPage(gateway)
                try await expectRefused(gateway, name, cause: "No space left on device")
                try FileManager.default.removeItem(atPath: filler)
                try await expectServiceIsBack(gateway, name)
                await gateway.stop()
            }
            _ = try await RunningProgram.run("/bin/umount", [disk], environment: [:])
        }

        @Test func aCrashIsToldAndWhatWasUnderWayReadsUnknown() async throws {
            let folder = try TemporaryFolder()
            let first = try await GatewayUnderTest.start(EndToEnd.environment(), folder: folder)
            let watch = try await first.startWatch()
            let writes = try RunningProgram(
                "\(first.environment.programs)/byline",
                [
                    "run", "--", "sh", "-c",
                    "while :; do \(first.environment.kubectl) create configmap crash-$(date +%N) --from-literal=a=b; done",
                ],
                environment: first.clientEnvironment)
            #expect(await writes.prints { $0.contains("created") })
            await first.kill9()
            watch.signal(SIGTERM)
            writes.signal(SIGTERM)
            _ = await (watch.result(), writes.result())
            try tearLastFrame(of: "\(first.state)/journal")

            let second = try await GatewayUnderTest.start(EndToEnd.environment(), folder: folder)
            #expect(second.printed.contains("journal: the last run ended without closing it"))
            #expect(second.printed.contains("journal: cut "))
            #expect(second.printed.contains("their outcome reads unknown"))
            var outcomes: [String: Int] = [:]
            for session in try await second.sessions() {
                for exchange in try await second.exchanges(ofSession: session) {
                    outcomes[exchange["close"]?["outcome"]?.string ?? "open", default: 0] += 1
                }
            }
            #expect((outcomes["unknown"] ?? 0) >= 1)
            #expect(outcomes["open"] == nil)
            await second.stop()
        }

        @Test func stoppingEndsWatchesAsAServerDoesAndRecordsIt() async throws {
            let folder = try TemporaryFolder()
            let first = try await GatewayUnderTest.start(EndToEnd.environment(), folder: folder)
            let watch = try await first.startWatch()
            let stopped = await first.stop()
            #expect(stopped.code == 0)
            #expect(stopped.output.contains("stopping: no new requests; under way: 1, with 1 s to end"))
            #expect(stopped.output.hasSuffix("stopped; the journal is closed\n"))
            watch.signal(SIGTERM)
            _ = await watch.result()

            let second = try await GatewayUnderTest.start(EndToEnd.environment(), folder: folder)
            #expect(!second.printed.contains("journal:"))
            let session = try #require(try await second.sessions().first)
            let cut = try #require(
                try await second.exchanges(ofSession: session).last { $0["open"]?["requestInfo"]?["verb"] == "watch" })
            #expect(cut["close"]?["failure"] == "ended by the gateway, which was stopping")
            #expect(cut["close"]?["outcome"] == "failed")
            await second.stop()
        }

        /// The next mutation is refused with a Status that says why, and the cluster never sees it.
        private func expectRefused(_ gateway: GatewayUnderTest, _ name: String, cause: String) async throws {
            let refused = try await gateway.kubectl(
                ["create", "configmap", name, "--from-literal=a=b", "--validate=false", "--request-timeout=4s"])
            #expect(refused.code == 1)
            #expect(
                refused.error.contains("not sent to the cluster, because it cannot be recorded"), "\(refused.error)")
            #expect(refused.error.contains(cause), "\(refused.error)")
            let audit = try String(contentsOfFile: gateway.environment.auditLog, encoding: .utf8)
            let hasArrived = audit.contains("\"\(name)\"")
            #expect(!hasArrived)
            #expect(try await gateway.direct(["get", "configmap", name]).code == 1)
        }

        private func expectServiceIsBack(_ gateway: GatewayUnderTest, _ name: String) async throws {
            let isBack = try await eventually {
                try await gateway.kubectl(["create", "configmap", name, "--from-literal=a=b", "--request-timeout=4s"])
                    .code == 0
            }
            #expect(isBack)
            #expect(try await gateway.direct(["delete", "configmap", name]).code == 0)
        }

        /// A full disk still takes what fits into the page that a file has begun; those records are whole, and their
        /// requests pass.
        private func useUpTheLastPage(_ gateway: GatewayUnderTest) async throws {
            let isUsedUp = try await eventually {
                try await gateway.kubectl(["get", "--raw", "/version?\(String(repeating: "x", count: 2_000))"]).code
                    != 0
            }
            #expect(isUsedUp)
        }

        /// Fills the disk to its last byte.
        private func fill(_ disk: String) throws -> String {
            let path = "\(disk)/filler"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let file = try #require(FileHandle(forWritingAtPath: path))
            for size in [4_096, 64, 1] {
                while (try? file.write(contentsOf: Data(count: size))) != nil {}
            }
            try file.close()
            return path
        }

        /// What a crash in the middle of a write leaves behind.
        private func tearLastFrame(of journal: String) throws {
            let segments = try FileManager.default.contentsOfDirectory(atPath: journal).filter { $0.hasSuffix(".byl") }
                .sorted()
            let last = try #require(segments.last)
            let file = try #require(FileHandle(forWritingAtPath: "\(journal)/\(last)"))
            try file.seekToEnd()
            try file.write(contentsOf: Data([200, 0, 0, 0, 1, 2, 3, 4, 2, 7, 7, 7]))
            try file.close()
        }
    }
}
