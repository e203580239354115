import ArgumentParser
import Authentication
import LocalState
import Masking

/// `byline-gateway keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "make keys", subcommands: [Generate.self])

    struct Generate: ParsableCommand {
        enum Kind: String, CaseIterable, ExpressibleByArgument { case signing, mask, auditor }

        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "make a new key in a file of mode 0600",
            discussion: """
                signing: the Ed25519 key with which the gateway signs session tokens (sessionTokens.signingKeyFile). To \
                rotate: make a new one, name the old one under previousKeyFiles, and drop it after an hour.

                  byline-gateway keys generate signing --out keys/signing.pem

                mask: the key from which masks are computed (masking.keyFile). Equal secrets have equal masks under one key, so \
                gateways that serve the same callers share it; a new one gives every secret another mask.

                  byline-gateway keys generate mask --out keys/mask.key

                auditor: a key pair of an auditor, who keeps the file and gives the operator the public key that is printed, for \
                masking.sealTo. The gateway seals what it masks to that key and cannot open it itself.

                  byline-gateway keys generate auditor --out auditor.key
                """)

        @Argument(help: "what the key is for: signing, mask, auditor")
        var kind: Kind

        @Option(help: ArgumentHelp("where it is written; a file that is there stays as it is", valueName: "file"))
        var out: String

        func run() throws {
            let bytes =
                switch kind {
                case .signing: Array(SigningKey.generatePEM().utf8)
                case .mask: MaskKeys.generateFile()
                case .auditor: AuditorIdentity.generateFile()
                }
            do throws(FileFault) {
                try PrivateFile.create(out, with: bytes)
            } catch { throw error }
            let identity = AuditorIdentity(file: bytes)
            Standard.output(identity.map { "\($0.publicKey.text)\n" } ?? "\(out)\n")
        }
    }
}
