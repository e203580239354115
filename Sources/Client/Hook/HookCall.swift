import ContextReading
import LocalState
public import Tagging
import Vocabulary

/// `byline hook TOOL`: takes what an AI tool says of its session and answers as the tool expects. Nothing that goes wrong
/// reaches the tool: it is left for `byline doctor`.
public struct HookCall: Sendable {
    private let tool: AITool
    private let environment: Environment
    private let keepsPrompt: Bool

    /// A call of a tool's hook.
    ///
    /// - Parameters:
    ///   - tool: who calls.
    ///   - keepsPrompt: true where a prompt's text is kept, as with `BYLINE_SEND_PROMPT`; else only its digest is.
    ///   - environment: the process' own.
    public init(_ tool: AITool, keepsPrompt: Bool = false, _ environment: Environment) {
        self.tool = tool
        self.environment = environment
        self.keepsPrompt = keepsPrompt || environment.sendsPrompt
    }

    /// Reads standard input to its end and takes it up.
    ///
    /// - Returns: what to print, and what to say on standard error where something went wrong.
    public func run() -> (answer: String, fault: String?) {
        do throws(HookFault) {
            let json = try Self.parse(try HookInput.read())
            let answer = Self.answer(tool, event: json["hook_event_name"]?.string)
            do throws(HookFault) { try take(json) } catch { return (answer, leave(error)) }
            return (answer, nil)
        } catch { return (Self.answer(tool, event: nil), leave(error)) }
    }

    private static func parse(_ bytes: [UInt8]) throws(HookFault) -> JSON {
        do throws(JSONFault) { return try JSON(parsing: bytes) } catch { throw .notJSON(error) }
    }

    private func take(_ json: JSON) throws(HookFault) {
        guard let state = StateFolders.person(environment: environment.variables) else { throw .noStateFolder }
        let report: HookReport
        do throws(HookReport.Fault) { report = try HookReport(json, from: tool) } catch { throw .report(error) }
        let key = HookState.Key(tool: tool, session: report.session)
        let hooks = HookStore(state: state)
        do throws(FileFault) {
            if report.event == .sessionEnded {
                try hooks.remove(key)
                return try hooks.prune()
            }
            let digest = report.prompt.map { PromptTexts.digest(of: Array($0.utf8)) }
            let minted = Self.mint()
            let owner = ProcessAncestry.ownTool()
            // The text is there before anybody looks for it; where it cannot be kept, the digest is nevertheless.
            let kept = Result { () throws(FileFault) in
                if report.event == .prompted { try hooks.keepPrompt(textToKeep(report), of: key) }
            }
            try hooks.update(key) { state in
                state.owner = owner
                state.take(report, promptDigest: digest, mintedID: minted)
            }
            // The shim of the run that the tool is part of follows the session that spoke last.
            if let run = environment.runContext { try ContextStore(path: run).update { $0.hook = key } }
            try kept.get()
        } catch { throw .file(error) }
    }

    /// What goes to the disk: of a prompt that is too long to be sent, nothing.
    private func textToKeep(_ report: HookReport) -> String? {
        guard keepsPrompt, let text = report.prompt, text.utf8.count <= PromptKeeping.longestText else { return nil }
        return text
    }

    private func leave(_ fault: HookFault) -> String {
        if let state = StateFolders.person(environment: environment.variables) {
            try? HookFaults(state: state).add(fault.sentence, from: tool)
        }
        return fault.sentence
    }

    private static func mint() -> String {
        "prompt-\(HexDigits.lower((0..<16).map { _ in UInt8.random(in: 0...255) }))"
    }

    /// What each tool takes for "go on". Claude Code would show a prompt's hook's output to its model.
    private static func answer(_ tool: AITool, event: String?) -> String {
        switch tool {
        case .claudeCode: ""
        case .codex, .gemini: "{}\n"
        case .cursor: event == "beforeSubmitPrompt" ? "{\"continue\":true}\n" : "{}\n"
        }
    }
}
