/// What carries one kind of bytes through an upgraded connection.
public enum StreamChannel: Hashable, Sendable {
    case stdin
    case stdout
    case stderr
    /// The cluster's verdict on an exec or attach; see `CommandExit`.
    case error
    /// The terminal's size, one JSON object a change.
    case resize
    /// The bytes of one forwarded connection; `connection` tells those of one port apart.
    case portData(port: UInt16, connection: UInt64)
    /// What the cluster says went wrong with one forwarded connection.
    case portError(port: UInt16, connection: UInt64)
    /// A channel that its protocol gives no meaning to: a WebSocket channel's number or a SPDY stream's id.
    case other(UInt32)

    /// The channel's name in a record; of a fixed form, whatever the caller sends.
    public var name: String {
        switch self {
        case .stdin: "stdin"
        case .stdout: "stdout"
        case .stderr: "stderr"
        case .error: "error"
        case .resize: "resize"
        case .portData(let port, let connection): "port/\(port)/\(connection)/data"
        case .portError(let port, let connection): "port/\(port)/\(connection)/error"
        case .other(let number): "other/\(number)"
        }
    }

    /// True for what a command, or whatever a pod runs, may print. A channel that its protocol gives no meaning to counts as
    /// such when the cluster writes to it.
    public var isOutput: Bool {
        switch self {
        case .stdout, .stderr, .other: true
        case .stdin, .error, .resize, .portData, .portError: false
        }
    }

    /// The channel of exec and attach that has this number on a WebSocket.
    static func remoteCommand(number: UInt8) -> StreamChannel {
        switch number {
        case 0: .stdin
        case 1: .stdout
        case 2: .stderr
        case 3: .error
        case 4: .resize
        default: .other(UInt32(number))
        }
    }

    /// The number on a WebSocket of a channel that is output.
    var outputNumber: UInt8 {
        switch self {
        case .stderr: 2
        case .other(let number): UInt8(truncatingIfNeeded: number)
        default: 1
        }
    }

    /// The channel of port-forward that has this number on a WebSocket: two for each port, in the order of the request.
    static func port(number: UInt8, of ports: [UInt16]) -> StreamChannel {
        let index = Int(number / 2)
        guard index < ports.count else { return .other(UInt32(number)) }
        let connection = UInt64(index)
        return number.isMultiple(of: 2)
            ? .portData(port: ports[index], connection: connection)
            : .portError(port: ports[index], connection: connection)
    }
}
