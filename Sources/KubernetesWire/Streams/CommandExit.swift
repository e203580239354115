import Vocabulary

/// How the command of an exec or attach ended, as the cluster says on the error channel.
public enum CommandExit: Hashable, Sendable {
    case exited(code: Int)
    /// Anything but an exit code: the cluster's own words.
    case failed(String)

    /// Reads the error channel: `metav1.Status` as JSON since v4 of the protocol, before that a sentence or nothing.
    ///
    /// - Returns: nil for an empty channel.
    public init?(errorChannel bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        guard let status = try? JSON(parsing: bytes), status["status"]?.string != nil else {
            self = .failed(String(decoding: bytes, as: UTF8.self))
            return
        }
        if status["status"]?.string == "Success" {
            self = .exited(code: 0)
            return
        }
        let causes = status["details"]?["causes"]?.array ?? []
        // k8s.io/apimachinery/pkg/util/remotecommand: NonZeroExitCodeReason, ExitCodeCauseType.
        if status["reason"]?.string == "NonZeroExitCode",
            let code = causes.first(where: { $0["reason"]?.string == "ExitCode" })?["message"]?.string.flatMap({
                Int($0)
            })
        {
            self = .exited(code: code)
        } else {
            self = .failed(status["message"]?.string ?? "")
        }
    }

    /// Gathers the error channel, as far as it may matter.
    struct Reader {
        private static let maximumLength = 64 << 10
        private var bytes: [UInt8] = []

        mutating func append(_ more: ArraySlice<UInt8>) { bytes += more.prefix(Self.maximumLength - bytes.count) }

        var status: CommandExit? { CommandExit(errorChannel: bytes) }
    }
}
