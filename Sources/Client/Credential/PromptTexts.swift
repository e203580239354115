import ContextReading
import Crypto
import LocalState
import Vocabulary

/// Where the texts of prompts are: in the file that the command line names, and where the hooks keep them.
struct PromptTexts: Sendable {
    private let file: String?
    private let hooks: HookStore?

    init(_ options: BylineOptions, _ environment: Environment) {
        file = options.promptFile
        hooks = StateFolders.person(environment: environment.variables).map(HookStore.init(state:))
    }

    /// The text of a digest; nil where nobody kept it, or it is too long to be sent.
    func text(of digest: String) -> [UInt8]? {
        let named = file.flatMap { try? PrivateFile.readShared($0) }
        return ((named.map { [$0] } ?? []) + (hooks?.prompts() ?? [])).first {
            $0.count <= PromptKeeping.longestText && Self.digest(of: $0) == digest
        }
    }

    /// `sha256:HEX`, as a byline names it.
    static func digest(of text: [UInt8]) -> String { "sha256:\(HexDigits.lower(SHA256.hash(data: text)))" }
}
