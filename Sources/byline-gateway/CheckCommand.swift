import ArgumentParser
import Gateway
import LocalState
import Vocabulary

/// `byline-gateway check`.
struct CheckCommand: AsyncParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "check a configuration, or ask its policy a question",
        discussion: """
            Tells everything that is wrong with a configuration and the files that it names at once, each with its line and \
            column. Nothing is started, nothing is written. Exit code 0: it is valid, or the policy allows what was asked.

              byline-gateway check --config gateway.yaml
              byline-gateway check --config gateway.yaml --can 'user=alice groups=dev model=claude-opus-4 : delete namespaces prod'
              byline-gateway check --config gateway.yaml --can 'groups=dev : create pods/exec web -n shop --cluster prod'
              byline-gateway check --config gateway.yaml --mask deployment.yaml
              byline-gateway check --example
            """)

    @Option(help: ArgumentHelp("the configuration", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("who and what is said of the author, \" : \", what is asked", valueName: "question"))
    var can: String?

    @Option(help: ArgumentHelp("tell what of a file would be masked, and by which rule", valueName: "file"))
    var mask: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("text or json", valueName: "format"))
    var output = Format.text

    @Flag(help: "print a complete configuration with each key explained")
    var example = false

    func validate() throws {
        if can != nil, mask != nil { throw ValidationError("use --can or --mask, one at a time") }
        if !example, config == nil {
            throw ValidationError("name the configuration with --config FILE, or use --example")
        }
    }

    func run() async throws {
        if example { return Standard.output(ExampleConfiguration.text) }
        guard let config else { return }
        let check: ConfigurationCheck
        do throws(ConfigurationFaults) { check = try await ConfigurationCheck(config) } catch {
            guard output == .json else { throw error }
            let faults = error.faults.map { JSON.string($0.description) }
            write(["faults": .array(faults), "valid": false])
            throw ExitCode(1)
        }
        if let mask { return show(try check.masks(in: mask), in: mask) }
        guard let can else {
            if output == .json { return write(["faults": [], "valid": true]) }
            return Standard.output("\(config) is valid: \(check.summary)\n")
        }
        let answer: PolicyAnswer
        do throws(PolicyQuestion.Fault) { answer = try check.answer(can) } catch {
            throw ValidationError("--can: \(error.sentence)")
        }
        if output == .json { write(answer.json) } else { show(answer) }
        if !answer.isAllowed { throw ExitCode(1) }
    }

    private func show(_ masks: MaskCheck, in file: String) {
        if output == .json { return write(masks.json) }
        if masks.lines.isEmpty { return Standard.output("\(file): nothing would be masked\n") }
        for line in masks.lines { Standard.output("\(file):\(line.line):\(line.column): \(line.rule)\n") }
    }

    private func show(_ answer: PolicyAnswer) {
        let verdict = answer.isAllowed ? "yes" : "no"
        var text = "\(verdict): "
        text += answer.rule == "no-match" ? "no rule matches\n" : "rule \"\(answer.rule)\" decides\n"
        for miss in answer.passedOver { text += "  \(miss.rule): \(miss.because)\n" }
        Standard.output(text)
    }

    private func write(_ json: JSON) { Standard.output(String(decoding: json.canonicalBytes, as: UTF8.self) + "\n") }
}
