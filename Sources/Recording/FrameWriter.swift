import Authentication
import Authorization
import KubernetesWire
import Masking
import NIOCore
import Vocabulary

/// Appends frames to a batch of bytes. Members of JSON are written in canonical order as they stand here.
struct FrameWriter {
    var bytes: [UInt8] = []
    /// What keeps a caller's secrets out of the words below.
    var words = RecordedWords.builtIn

    /// Takes the frames out and begins anew.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Writes a frame's head, whose length and checksum `end` fills in.
    ///
    /// - Returns: where the frame begins.
    private mutating func begin(_ kind: JournalFormat.Kind) -> Int {
        let start = bytes.count
        bytes.appendInteger(UInt64(0))
        bytes.append(kind.rawValue)
        return start
    }

    private mutating func end(_ start: Int) {
        bytes.withUnsafeMutableBytes { bytes in
            let checked = UnsafeRawBufferPointer(rebasing: bytes[(start + 8)...])
            bytes.storeBytes(of: UInt32(checked.count - 1).littleEndian, toByteOffset: start, as: UInt32.self)
            bytes.storeBytes(
                of: CRC32C.checksum(checked).littleEndian, toByteOffset: start + 4, as: UInt32.self)
        }
    }

    private mutating func frame(_ kind: JournalFormat.Kind, _ body: (inout CanonicalJSON) -> Void) {
        let start = begin(kind)
        CanonicalJSON.appendObject(to: &bytes, body)
        end(start)
    }

    mutating func session(_ caller: Authenticated, time: Timestamp) {
        let words = words
        frame(.session) { json in
            json.byline(caller.byline, words)
            json.identity(caller.identity)
            json.member("session", caller.session.description)
            json.member("time", time)
        }
    }

    mutating func prompt(_ prompt: SentPrompt) {
        let words = words
        frame(.session) { json in
            json.byline(prompt.caller.byline, words)
            json.identity(prompt.caller.identity)
            json.name("prompt")
            json.object { json in
                json.member("digest", prompt.digest)
                json.member("text", prompt.text.text)
            }
            json.member("session", prompt.caller.session.description)
            json.member("time", prompt.time)
        }
    }

    mutating func open(_ request: AccessRequest, _ decision: Decision, _ opening: Opening) {
        let caller = request.caller
        let words = words
        frame(.open) { json in
            json.byline(caller.byline, words)
            json.member("callerAuditID", ifPresent: opening.callerAuditID.map { words.shown($0) })
            json.member("cluster", request.cluster.description)
            json.name("decision")
            json.object { json in
                json.member("effect", decision.effect.rawValue)
                json.member("reason", ifPresent: decision.reason)
                json.member("rule", decision.rule)
            }
            json.member("exchange", opening.exchange)
            json.headers(opening.headers, words)
            json.identity(caller.identity)
            json.member("invocation", ifPresent: opening.invocation.map { words.shown($0) })
            json.member("method", words.shown(opening.method))
            json.options(opening.options, words)
            json.requestInfo(request.requestInfo, words)
            json.member("session", caller.session.description)
            json.member("sourceAddress", opening.sourceAddress)
            json.member("target", words.shown(target: opening.target.text))
            json.member("time", opening.time)
            json.member("userAgent", ifPresent: opening.userAgent.map { words.shown($0) })
        }
    }

    mutating func close(_ closing: Closing) {
        let words = words
        frame(.close) { json in
            json.name("bytes")
            json.object { json in
                if let forwarded = closing.forwarded { json.member("forwarded", forwarded.bytes) }
                json.member("request", closing.requestBytes)
                json.member("response", closing.responseBytes)
            }
            json.member("complete", closing.outcome == .complete)
            if let decoded = closing.decoded { json.decoded(decoded) }
            json.name("digests")
            json.object { json in
                // Of what never was forwarded there is no such digest.
                if closing.forwarded?.bytes != 0 {
                    json.member("requestForwarded", hexadecimal: closing.forwarded?.digest ?? closing.requestDigest)
                }
                json.member("requestReceived", hexadecimal: closing.requestDigest)
                json.member("responseDelivered", hexadecimal: closing.deliveredDigest ?? closing.responseDigest)
                json.member("responseReceived", hexadecimal: closing.responseDigest)
            }
            json.member("duration", closing.duration)
            json.member("exchange", closing.exchange)
            json.member("failure", ifPresent: closing.failure.map { words.shown($0) })
            if !closing.headers.isEmpty { json.headers(closing.headers, words) }
            if !closing.masked.isEmpty {
                json.name("masked")
                json.value(closing.masked.json)
            }
            json.member("omitted", closing.omittedBytes)
            json.member("outcome", closing.outcome.rawValue)
            json.member("refused", ifPresent: closing.refused)
            if let status = closing.status { json.member("status", status) }
            if let stream = closing.stream { json.stream(stream) }
            json.member("time", closing.time)
        }
    }

    mutating func decision(_ refused: RefusedRequest) {
        let words = words
        frame(.decision) { json in
            json.member("cause", refused.cause)
            if refused.count > 1 { json.member("count", refused.count) }
            json.member("effect", Decision.Effect.deny.rawValue)
            if let identity = refused.identity { json.identity(identity) }
            json.member("method", words.shown(refused.method))
            json.member("reason", words.shown(refused.reason))
            json.member("sourceAddress", refused.sourceAddress)
            json.member("status", refused.status)
            json.member("target", words.shown(target: refused.target.text))
            json.member("time", refused.time)
        }
    }

    mutating func decision(_ reading: RecordReading) {
        let words = words
        frame(.decision) { json in
            json.member("cause", "reading")
            json.member("effect", Decision.Effect.allow.rawValue)
            json.identity(reading.identity)
            json.member("method", reading.method)
            json.member("sourceAddress", reading.sourceAddress)
            json.member("status", reading.status)
            json.member("target", words.shown(target: reading.target.text))
            json.member("time", reading.time)
        }
    }

    /// A frame about the gateway itself; `facts` beside its event and time must sort between the two.
    mutating func gateway(_ event: GatewayEvent, time: Timestamp, facts: [(String, String)] = []) {
        let members = facts.map { JSON.Member($0.0, .string($0.1)) }
        let all =
            [JSON.Member("event", .string(event.rawValue)), JSON.Member("time", .string(time.description))] + members
        let start = begin(.gateway)
        bytes += JSON.object(all).canonicalBytes
        end(start)
    }

    /// Bytes of an exchange; more than a frame holds becomes several.
    mutating func chunk(
        _ exchange: ExchangeID, _ direction: Direction, _ channel: RecordedChannel, offset: UInt64, _ masked: Masked,
        elapsed: UInt64
    ) {
        var rest = masked.bytes
        var offset = offset
        let limit = JournalFormat.maximumPayload - JournalFormat.longestChunkHead
        while let piece = rest.readSlice(length: min(limit, rest.readableBytes)), piece.readableBytes > 0 {
            chunk(exchange, direction, channel, offset, piece, elapsed)
            offset += UInt64(piece.readableBytes)
        }
    }

    /// A side of an exchange ended a channel.
    mutating func end(
        _ exchange: ExchangeID, _ direction: Direction, _ channel: RecordedChannel, offset: UInt64, elapsed: UInt64
    ) { chunk(exchange, direction, channel, offset, ByteBuffer(), elapsed) }

    private mutating func chunk(
        _ exchange: ExchangeID, _ direction: Direction, _ channel: RecordedChannel, _ offset: UInt64,
        _ piece: ByteBuffer, _ elapsed: UInt64
    ) {
        let start = begin(.chunk)
        exchange.appendBytes(to: &bytes)
        bytes.append(direction.rawValue)
        bytes.append(channel.code)
        bytes.appendInteger(offset)
        bytes.appendInteger(elapsed)
        channel.appendKey(to: &bytes)
        piece.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
        end(start)
    }
}

extension CanonicalJSON {
    fileprivate mutating func headers(_ headers: [(String, MaskedText)], _ words: RecordedWords) {
        name("headers")
        array { json in
            for (name, value) in headers {
                json.array { json in
                    json.string(name)
                    json.string(words.shown(value.text))
                }
            }
        }
    }

    fileprivate mutating func options(_ options: RequestOptions?, _ words: RecordedWords) {
        guard let values = options?.values, !values.isEmpty else { return }
        name("options")
        value(.object(values.map { JSON.Member($0.name, words.shown($0.value)) }))
    }

    fileprivate mutating func decoded(_ decoded: DecodedClosing) {
        name("decoded")
        object { json in
            json.member("bytes", decoded.bytes)
            json.member("encoding", decoded.encoding)
            json.member("sha256", hexadecimal: decoded.digest)
            json.member("whole", decoded.isWhole)
        }
    }

    fileprivate mutating func byline(_ byline: Byline, _ words: RecordedWords) {
        name("byline")
        object { json in
            for (field, claim) in byline.fields {
                json.name(field.rawValue)
                json.object { json in
                    json.member("trust", claim.trust.rawValue)
                    json.member("value", words.shown(claim.value))
                }
            }
        }
    }

    fileprivate mutating func identity(_ identity: Identity) {
        name("identity")
        object { json in
            if !identity.extra.isEmpty {
                json.name("extra")
                json.value(.object(identity.extra.map { JSON.Member($0.key, .strings($0.value)) }))
            }
            json.name("groups")
            json.strings(identity.groups)
            json.member("issuer", identity.issuer)
            json.member("uid", ifPresent: identity.uid)
            json.member("username", identity.username)
        }
    }

    fileprivate mutating func requestInfo(_ info: RequestInfo, _ words: RecordedWords) {
        name("requestInfo")
        object { json in
            json.member("apiGroup", ifPresent: words.shown(info.apiGroup))
            json.member("apiVersion", ifPresent: words.shown(info.apiVersion))
            json.member("name", ifPresent: words.shown(info.name))
            json.member("namespace", ifPresent: words.shown(info.namespace))
            if !info.isResourceRequest { json.member("path", words.shown(target: info.path)) }
            json.member("resource", ifPresent: words.shown(info.resource))
            json.member("subresource", ifPresent: words.shown(info.subresource))
            json.member("verb", words.shown(info.verb))
        }
    }
}
