public import KubernetesWire

/// Which of an exchange's streams bytes belong to.
public enum RecordedChannel: Hashable, Sendable {
    /// The HTTP message's body.
    case body
    /// What passed after an upgrade and could not be read.
    case raw
    /// What passed through a channel of an upgraded connection.
    case stream(StreamChannel)

    /// The channel's name in the record and in the API.
    public var name: String {
        switch self {
        case .body: "body"
        case .raw: "raw"
        case .stream(let channel): channel.name
        }
    }

    /// True for what was sent to be read by the other end; false for what the cluster says of it and for a terminal's size.
    public var isContent: Bool {
        switch self {
        case .stream(.error), .stream(.resize), .stream(.portError): false
        default: true
        }
    }
}

// MARK: the journal's form, as `JournalFormat` describes it

extension RecordedChannel {
    private static let firstWithKey: UInt8 = 8
    private static let keyLength = 10

    var code: UInt8 {
        switch self {
        case .body: 1
        case .raw: 2
        case .stream(.stdin): 3
        case .stream(.stdout): 4
        case .stream(.stderr): 5
        case .stream(.error): 6
        case .stream(.resize): 7
        case .stream(.portData): 8
        case .stream(.portError): 9
        case .stream(.other): 10
        }
    }

    /// Writes what stands before the bytes for a channel of which there can be many.
    func appendKey(to bytes: inout [UInt8]) {
        switch self {
        case .stream(.portData(let port, let connection)), .stream(.portError(let port, let connection)):
            bytes.appendInteger(port)
            bytes.appendInteger(connection)
        case .stream(.other(let number)):
            bytes.appendInteger(UInt16(0))
            bytes.appendInteger(UInt64(number))
        default: break
        }
    }

    /// Reads a channel from the bytes behind a chunk's head.
    ///
    /// - Returns: the channel, and how many bytes its key takes; nil where the code is none or the key is cut.
    static func read(code: UInt8, _ rest: ArraySlice<UInt8>) -> (channel: RecordedChannel, keyLength: Int)? {
        let plain: [RecordedChannel] = [
            .body, .raw, .stream(.stdin), .stream(.stdout), .stream(.stderr), .stream(.error), .stream(.resize),
        ]
        if code >= 1, code < firstWithKey { return (plain[Int(code) - 1], 0) }
        guard rest.count >= keyLength else { return nil }
        let key = Array(rest.prefix(keyLength))
        let (port, number): (UInt16, UInt64) = (key.integer(at: 0), key.integer(at: 2))
        switch code {
        case 8: return (.stream(.portData(port: port, connection: number)), keyLength)
        case 9: return (.stream(.portError(port: port, connection: number)), keyLength)
        case 10: return UInt32(exactly: number).map { (.stream(.other($0)), keyLength) }
        default: return nil
        }
    }
}
