/// Why a sign-in cannot be had.
public enum SignInFault: Error, Sendable {
    case noUsableGrant(issuer: String, offered: [String])
    case unknownIssuer(String, known: [String])
    /// OAuth's error code, and the issuer's own words where it has any.
    case refusedByIssuer(String, detail: String)
    /// An issuer's answer that is none, or not to what was asked.
    case unusableAnswer(from: String, why: String)
    /// The issuer does not take a program's id and secret.
    case wrongSecret(file: String)
    case denied
    case timedOut
    /// RFC 9207: the answer came from elsewhere.
    case wrongIssuer(expected: String, got: String)
    case redirectPortInUse(Int)
    case badCredentialsFile(path: String)
    case noTokenInFile(path: String)
    case tokenFileEnded(path: String, at: String)
    /// The gateway's sentence on the token that the issuer has just given, and how far the clocks are apart if they are.
    case refusedByGateway(String, sentence: String, canRetry: Bool, clocks: ClockDifference?)
    case unknownIdentity(String, gateway: String, known: [String])
    /// A kept sign-in that is none, as after a disk that was full.
    case brokenFile(path: String, gateway: String)
    case busy(gateway: String)
    case keyMissing
    /// Why the kernel keeps no tokens in its keyring.
    case keyringRefused(String)
}

extension SignInFault {
    var advice: Advice {
        switch self {
        case .noUsableGrant(let issuer, let offered):
            Advice(
                failure:
                    "the issuer \(issuer) offers no grant that fits (it offers: \(offered.joined(separator: ", ")))",
                hint: "choose one with --device, --client-credentials FILE or --token-file FILE")
        case .keyringRefused(let cause):
            Advice(
                failure: "the kernel's keyring does not take the sign-in: \(cause)",
                hint: "containers often forbid it; sign in with --storage file, or --storage auto")
        case .unknownIssuer(let issuer, let known):
            Advice(
                failure: "the gateway signs nobody in at \(issuer)",
                hint: known.isEmpty
                    ? "use --token-file FILE with a token that it trusts"
                    : "choose one with --issuer: \(known.joined(separator: ", "))")
        case .refusedByIssuer(let code, let detail):
            Advice(
                failure: "the issuer refused: \(code)\(detail.isEmpty ? "" : " (\(detail.prefix(300)))")",
                hint: Self.hint(onCode: code))
        case .unusableAnswer(let place, let why):
            Advice(
                failure: "what \(place) answered cannot be used: \(why)",
                hint: "try again; if it stays so, tell whoever runs the issuer")
        case .wrongSecret(let file):
            Advice(
                failure: "the issuer refused the id or the secret in \(file)",
                hint: "check both with whoever runs the issuer; a secret may have been replaced")
        case .denied:
            Advice(
                failure: "the sign-in was denied in the browser", hint: "run byline login again, and approve it there")
        case .timedOut:
            Advice(
                failure: "nobody signed in at the issuer's page in time",
                hint: "run byline login again; with --device the page can be opened on another machine")
        case .wrongIssuer(let expected, let got):
            Advice(
                failure: "the answer came from \(got.isEmpty ? "an issuer without a name" : got), not from \(expected)",
                hint: "somebody may be mixing up sign-ins: run byline login again, and close other sign-in pages")
        case .redirectPortInUse(let port):
            Advice(
                failure: "port \(port) of 127.0.0.1 is in use",
                hint: "name another that the issuer lets the browser come back to, with --redirect-port")
        case .badCredentialsFile(let path):
            Advice(
                failure: "\(path) is no credentials file", hint: "it holds JSON: {\"clientID\": …, \"clientSecret\": …}"
            )
        case .noTokenInFile(let path):
            Advice(failure: "\(path) holds no signed token", hint: "it holds a JWT and nothing else")
        case .tokenFileEnded(let path, let time):
            Advice(
                failure: "the token in \(path) ended at \(time)",
                hint: "whatever keeps the file fresh has stopped, or this machine's clock is ahead")
        case .refusedByGateway(let gateway, let sentence, _, let clocks?):
            Advice(
                failure: "\(gateway) does not take the sign-in: \(sentence)",
                hint:
                    "this machine's clock is \(clocks) the gateway's: set both by NTP, then run: byline login \(gateway)"
            )
        case .refusedByGateway(let gateway, let sentence, _, nil):
            Advice(
                failure: "\(gateway) does not take the sign-in: \(sentence)",
                hint: sentence.contains("valid before") || sentence.contains("expired")
                    ? "compare the clocks of this machine, the issuer and the gateway; then run: byline login \(gateway)"
                    : "ask the operator of the gateway which issuer, client and audience it trusts")
        case .unknownIdentity(let name, let gateway, let known):
            Advice(
                failure: "nobody named \"\(name)\" is signed in at \(gateway)",
                hint: known.isEmpty
                    ? "run: byline login \(gateway)"
                    : "BYLINE_IDENTITY can be: \(known.joined(separator: ", "))")
        case .brokenFile(let path, let gateway):
            Advice(failure: "\(path) holds no sign-in", hint: "run: byline login \(gateway), which writes it anew")
        case .busy(let gateway):
            Advice(
                failure: "another byline has been signing in at \(gateway) for a quarter of an hour",
                hint: "finish or end it, then try again")
        case .keyMissing:
            Advice(
                failure: "a client certificate needs its key, and a key its certificate",
                hint: "give both --client-certificate and --client-key")
        }
    }

    private static func hint(onCode code: String) -> String {
        switch code {
        case "invalid_client": "check the client id that the gateway tells, and the secret in the credentials file"
        case "unauthorized_client":
            "the issuer does not let this client use this grant; choose another, or ask its operator"
        case "invalid_scope": "ask the operator of the gateway which scopes the issuer gives"
        case "invalid_grant": "it was used, or too old: run byline login again"
        case "temporarily_unavailable", "server_error", "HTTP 500", "HTTP 502", "HTTP 503", "HTTP 504":
            "the issuer has a fault of its own; try again in a while"
        case "HTTP 429": "the issuer is asked too often; try again in a while"
        default: "run byline login again, or ask the operator of the issuer"
        }
    }
}
