import ContextReading
import LocalState
public import Tagging
public import Vocabulary

/// What the command line says of who writes.
public struct BylineOptions: Sendable {
    public var fields: [Byline.Field: String]
    /// A file that holds the prompt; only its SHA-256 is sent.
    public var promptFile: String?
    /// True where the prompt's text is sent to a gateway that records it.
    public var sendsPrompt = false

    public init(fields: [Byline.Field: String], promptFile: String?) {
        self.fields = fields
        self.promptFile = promptFile
    }

    /// The byline of this moment: `context` without where each field was learned.
    public func resolve(_ environment: Environment) throws(ClientFault) -> Byline { try context(environment).byline }

    /// Who writes, field by field: the command line, then everything that `ContextInputs` takes into account. What was
    /// said on purpose and cannot travel is refused here, where the person can see it.
    public func context(_ environment: Environment) throws(ClientFault) -> AgentContext {
        let context = ContextReader(variables: environment.variables, flags: try flags()).read()
        if let fault = context.faults.first(where: \.source.isExplicit) { throw .badByline(fault.sentence) }
        guard Baggage.encode(context.byline).utf8.count <= Baggage.maximumLength else {
            throw .badByline("the byline is longer than \(Baggage.maximumLength) bytes")
        }
        return context
    }

    /// The fields that the command line says, and the prompt's digest.
    public func flags() throws(ClientFault) -> [Byline.Field: String] {
        var flags = fields.filter { !$0.value.isEmpty }
        if let promptFile { flags[.promptDigest] = try Self.digest(of: promptFile) }
        for (field, value) in flags where !AgentContext.isUsable(value) {
            throw .badByline(AgentContext.Fault(.flag, .invalid(field)).sentence)
        }
        return flags
    }

    private static func digest(of file: String) throws(ClientFault) -> String {
        do throws(FileFault) { return PromptTexts.digest(of: try PrivateFile.readShared(file)) } catch {
            throw .file(error)
        }
    }
}
