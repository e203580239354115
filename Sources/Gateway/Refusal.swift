import Authentication
import Authorization
import Forwarding
import KubernetesWire
import Masking
import Recording
import Tagging
import Vocabulary

/// A request that the gateway answers itself: the one place where a fault becomes a Status and a sentence for a person.
struct Refusal {
    let status: Status
    /// Seconds after which clients may try again; client-go does so by itself.
    let retryAfter: Int?
    /// The cause in one word, for the record.
    let cause: String

    private init(_ cause: String, _ reason: Status.Reason, _ message: String, retryAfter: Int? = nil) {
        self.cause = cause
        self.retryAfter = retryAfter
        status = Status(reason, message)
    }

    static func target(_ fault: TargetFault) -> Refusal {
        let what =
            switch fault {
            case .notOriginForm: "the request's target does not begin with a slash"
            case .dotSegment: "the path holds a \".\" or \"..\" segment"
            case .emptySegment: "the path holds two slashes in a row"
            case .encodedSegment: "the path is percent-encoded where it names the resource"
            case .controlCharacter: "the target holds a control character or a space"
            case .fragment: "the target holds a \"#\""
            case .ambiguousQuery: "the query can be read in two ways: a field stands twice, or it holds a raw \";\""
            }
        return Refusal(
            "target", .badRequest, "byline: \(what); send the path in its plain form, the gateway changes none")
    }

    static func malformedRequest(_ detail: String) -> Refusal {
        Refusal("malformed", .badRequest, "byline: the request is not valid HTTP/1.1 (\(detail))")
    }

    static func malformedHTTP2(_ rule: String) -> Refusal {
        Refusal("malformed", .badRequest, "byline: the request is not valid HTTP/2 (\(rule))")
    }

    static func unknownCluster(_ name: String) -> Refusal {
        Refusal(
            "unknownCluster", .notFound,
            "byline: this gateway serves no cluster \"\(name.prefix(63))\"; see which it does with: byline whoami")
    }

    static func baggage(_ fault: Baggage.Fault) -> Refusal {
        let what =
            switch fault {
            case .tooLong(let limit): "the baggage header is longer than \(limit) bytes"
            case .invalidValue(let field): "\(field.rawValue) in baggage is no percent-encoded text"
            case .valueTooLong(let field, let limit): "\(field.rawValue) in baggage is longer than \(limit) bytes"
            case .contradiction(let field): "baggage names two values for \(field.rawValue)"
            }
        return Refusal("baggage", .badRequest, "byline: \(what)")
    }

    /// 401 only where a fresh credential can help: a 401 makes clients run their credential plugin again.
    static func authentication(_ fault: AuthenticationFault) -> Refusal {
        let message = "byline: \(fault.sentence)"
        if fault == .keysUnavailable { return Refusal("authentication", .serviceUnavailable, message) }
        return fault.canBeHelpedByFreshCredential
            ? Refusal("authentication", .unauthorized, "\(message); run: byline login")
            : Refusal("authentication", .forbidden, message)
    }

    static func denied(_ denial: Denial) -> Refusal {
        let info = denial.request.requestInfo
        let reason = denial.decision.reason.map { ": \($0)" } ?? ""
        return Refusal(
            "denied", .forbidden,
            "byline: rule \"\(denial.decision.rule)\" denies \(info.sentence) for \"\(denial.request.caller.identity.username)\"\(reason)"
        )
    }

    /// Without Retry-After: clients would repeat the request in silence, and nobody would read why it fails.
    static func recorder(_ fault: RecordingFault) -> Refusal {
        Refusal(
            "recorder", .serviceUnavailable,
            "byline: this request was not sent to the cluster, because it cannot be recorded: \(fault)")
    }

    static func upstream(_ fault: UpstreamFault, cluster: ClusterName) -> Refusal {
        let message = "byline: cluster \"\(cluster)\": \(sentence(fault))"
        switch fault {
        case .silent: return Refusal("upstream", .timeout, message)
        default: return Refusal("upstream", .serviceUnavailable, message)
        }
    }

    static func sentence(_ fault: UpstreamFault) -> String {
        switch fault {
        case .unreadable(let path, let cause): "its credential cannot be read from \(path): \(cause)"
        case .notPEM(let what): "its \(what) is not PEM"
        case .tls(let cause): "TLS cannot be set up: \(cause)"
        case .unreachable(let address, let cause): "the API server at \(address) cannot be reached: \(cause)"
        case .closed(let address): "the API server at \(address) closed the connection before it answered"
        case .notHTTP(let address, let cause): "what answers at \(address) does not speak HTTP: \(cause)"
        case .silent(let address): "the API server at \(address) did not answer in time"
        case .plugin(let cause): "the exec plugin of its kubeconfig gives no credential: \(cause)"
        }
    }

    static let stopping = Refusal(
        "stopping", .serviceUnavailable, "byline: the gateway is stopping; try again in a moment", retryAfter: 1)

    static func notFound(_ path: String) -> Refusal {
        Refusal(
            "notFound", .notFound,
            "byline: nothing is at this path; clusters are under /clusters/NAME/, the gateway's own API under /byline/v1/"
        )
    }

    static func tooLarge(_ limit: Int) -> Refusal {
        Refusal("tooLarge", .requestEntityTooLarge, "byline: the body is longer than \(limit) bytes")
    }

    /// In the API server's own words: it has the same limit.
    static func tooLargeForCluster(_ limit: Int) -> Refusal {
        Refusal("tooLarge", .requestEntityTooLarge, "Request entity too large: limit is \(limit)")
    }

    static func headersTooLarge(_ limit: Int) -> Refusal {
        Refusal(
            "headersTooLarge", .requestHeaderFieldsTooLarge,
            "byline: the request's target and headers are longer than \(limit) bytes")
    }

    static func method(_ method: String) -> Refusal {
        Refusal("method", .methodNotAllowed, "byline: the method \(method.prefix(20)) is not one that Kubernetes has")
    }

    static func use(_ method: String, of path: String) -> Refusal {
        Refusal("method", .methodNotAllowed, "byline: \(path) is asked by \(method)")
    }

    static func attestation(_ what: String) -> Refusal {
        Refusal("attestation", .badRequest, "byline: the attestation in Byline-Attestation cannot be taken: \(what)")
    }

    /// For the record alone: nobody is there to read it.
    static let incomplete = Refusal(
        "incomplete", .badRequest, "byline: the caller left, or broke HTTP/2's rules, before its request was whole")

    static let slowBody = Refusal(
        "slowBody", .requestTimeout, "byline: the rest of the request's body did not come in time")

    static func excess(_ excess: Allowance.Excess) -> Refusal {
        switch excess {
        case .rate(let limit, let seconds):
            Refusal(
                "rate", .tooManyRequests, "byline: more than \(limit) requests a second; slow down", retryAfter: seconds
            )
        case .concurrent(let limit):
            Refusal(
                "concurrency", .tooManyRequests, "byline: more than \(limit) requests at once; wait for some to end",
                retryAfter: 1)
        case .streams(let limit):
            Refusal(
                "streams", .tooManyRequests,
                "byline: more than \(limit) watches, followed logs and upgraded connections at once; end some",
                retryAfter: 5)
        }
    }

    static let recordWatches = Refusal(
        "recordWatches", .tooManyRequests,
        "byline: more than \(WatchPlaces.limit) watches of the record at once; end some", retryAfter: 5)

    static func unknownFields(_ fault: CustomResources.Fault) -> Refusal {
        Refusal(
            "unknownFields", .serviceUnavailable,
            """
            byline: which fields of this custom resource are secret is not known, since the CustomResourceDefinition \
            \(fault.definition) cannot be read: \(fault.cause); let the gateway's credential get \
            customresourcedefinitions.apiextensions.k8s.io, or name them in files (masking.customResourceDefinitions)
            """)
    }

    static func clusterBusy(_ cluster: ClusterName, limit: Int) -> Refusal {
        Refusal(
            "clusterBusy", .tooManyRequests,
            "byline: cluster \"\(cluster)\" has its \(limit) requests at once; try again in a moment", retryAfter: 1)
    }

    /// A read-modify-write of what was masked: it would put the mask in the secret's place.
    static let maskInBody = Refusal(
        "maskInBody", .unprocessable,
        """
        byline: this write holds a masked value (\(Mask.prefix)…) and was not sent to the cluster, since the mask would \
        replace the secret; leave the masked fields out, for example with: kubectl patch --type=merge
        """)

    static let copy = Refusal(
        "copyDenied", .forbidden,
        """
        byline: secrets are masked here and an archive cannot be, so no files are copied out of pods (masking.copies: \
        deny); read a file with kubectl exec and cat, which masks what is secret in it
        """)

    static let onlyBinary = Refusal(
        "notReadable", .notAcceptable,
        "byline: secrets are masked here, so answers come as JSON only; accept application/json")

    /// An error of the cluster's stays one of the same kind, without its words.
    static func unmaskable(_ fault: MaskingFault, status: Int? = nil, retryAfter: Int? = nil) -> Refusal {
        guard let status, status >= 400 else {
            return Refusal(
                "unmaskable", .internalError,
                "byline: the cluster's answer cannot be looked through for secrets, so it is not delivered: \(fault)")
        }
        return Refusal(
            "unmaskable", Status.Reason.allCases.first { $0.code == status } ?? .internalError,
            """
            byline: the cluster refused this with HTTP \(status); its words cannot be looked through for secrets, so they are \
            not delivered: \(fault)
            """, retryAfter: retryAfter)
    }

    static let unaskedUpgrade = Refusal(
        "unaskedUpgrade", .internalError,
        "byline: the cluster answered with another protocol (HTTP 101) that was not asked for, so nothing of it is delivered"
    )

    /// Before anything of it reaches the cluster, or before its end does.
    static func unreadableBody(_ fault: MaskingFault, contentType: String?) -> Refusal {
        if case .tooLong = fault { return .tooLargeForCluster(WholeBody.longest) }
        let isJSON = contentType?.lowercased().contains("json") == true
        return Refusal(
            "unreadableBody", isJSON ? .badRequest : .unsupportedMediaType,
            """
            byline: this request was not sent to the cluster, since its body cannot be recorded with the secrets in it masked: \
            \(fault); send it as JSON or YAML, one document without merge keys
            """)
    }

    static func patch(_ fault: JSONPatch.Fault) -> Refusal {
        switch fault {
        case .unreadable:
            return Refusal(
                "unreadablePatch", .badRequest, "byline: this JSON patch is no list of operations that can be read")
        case .carries(let operation, let path):
            return Refusal(
                "patchShows", .forbidden,
                """
                byline: "\(operation)" of \(path.prefix(200)) in a JSON patch would show what is masked there, so the patch was not \
                sent to the cluster; write the values themselves, for example with: kubectl patch --type=merge
                """)
        case .tells(let path):
            return Refusal(
                "patchTells", .forbidden,
                """
                byline: "test" of \(path.prefix(200)) in a JSON patch would tell what is masked there, so the patch was not sent to \
                the cluster; test /metadata/resourceVersion instead
                """)
        }
    }

    static func tokenExchange(_ description: String) -> Refusal {
        Refusal("tokenExchange", .badRequest, "byline: no session token: \(description)")
    }

    static func unrecordedReading(_ fault: RecordingFault) -> Refusal {
        Refusal(
            "recorder", .serviceUnavailable,
            "byline: the record is not read, because that cannot be recorded: \(fault)")
    }

    static func unrecordedPrompt(_ fault: RecordingFault) -> Refusal {
        Refusal("recorder", .serviceUnavailable, "byline: the prompt's text cannot be recorded: \(fault)")
    }

    static func prompt(_ fault: PromptIntake.Fault) -> Refusal {
        let what =
            switch fault {
            case .unwanted: "this gateway records no texts of prompts (recording.prompts: digest), only their digests"
            case .noDigest: "the byline names no prompt's digest (\(Byline.Field.promptDigest.rawValue) in baggage)"
            case .otherDigest: "the SHA-256 of the prompt's text is not the digest that the byline names"
            case .notText: "the prompt's text is not UTF-8"
            }
        return Refusal("prompt", fault == .unwanted ? .forbidden : .badRequest, "byline: \(what)")
    }

    static let notAuditor = Refusal(
        "notAuditor", .forbidden,
        "byline: the record is read by auditors only; ask the gateway's operator to name you under \"auditors\"")
}

extension RequestInfo {
    /// "create pods/exec "web" in namespace "prod"", as a denial names it.
    fileprivate var sentence: String {
        guard isResourceRequest else { return "\(judgedVerb) \(path)" }
        var text = "\(judgedVerb) \(resource)"
        if !subresource.isEmpty { text += "/\(subresource)" }
        if !apiGroup.isEmpty { text += ".\(apiGroup)" }
        if !name.isEmpty { text += " \"\(name)\"" }
        if !namespace.isEmpty, resource != "namespaces" { text += " in namespace \"\(namespace)\"" }
        return text
    }
}

extension AuthenticationFault {
    /// The same fault of an attestation.
    var attestationSentence: String {
        let words = "the bearer token"
        let sentence = sentence
        return sentence.hasPrefix(words) ? "it\(sentence.dropFirst(words.count))" : sentence
    }
}
