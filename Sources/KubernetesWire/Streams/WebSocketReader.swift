/// Reads one direction of a WebSocket (RFC 6455 §5), split anywhere, masked or not. A payload is given out in pieces as it
/// arrives and never gathered, whatever length its frame claims.
public struct WebSocketReader: Sendable {
    /// What was read.
    public enum Piece: Hashable, Sendable {
        case messageStart
        case payload(ArraySlice<UInt8>)
        /// The message goes on in a further frame.
        case fragment
        case messageEnd
        case control(StreamControl)
        case undecodable(StreamFault)
        /// The connection's bytes, from the frame at fault on.
        case raw(ArraySlice<UInt8>)
    }

    private enum Position {
        case head
        case payload
        /// The fault was told; the frame's head is still to be given out.
        case failing
        case failed
    }

    private var position = Position.head
    /// What is there of the next frame's head: at most 14 bytes.
    private var bytes: [UInt8] = []
    private var frame = WebSocketFrameHead()
    private var remaining: UInt64 = 0
    private var key = WebSocketMaskingKey()
    private var isInMessage = false
    /// The payload of a control frame: at most 125 bytes.
    private var control: [UInt8] = []

    public init() {}

    /// Takes what comes next off the input; nil when all of it is taken and more is needed.
    public mutating func next(_ input: inout ArraySlice<UInt8>) -> Piece? {
        while true {
            switch position {
            case .head:
                guard takeHead(&input) else { return nil }
                if let piece = begin() { return piece }
            case .payload:
                if remaining == 0 {
                    if let piece = endFrame() { return piece }
                } else {
                    guard !input.isEmpty else { return nil }
                    if let piece = takePayload(&input) { return piece }
                }
            case .failing:
                position = .failed
                let head = bytes[...]
                bytes = []
                return .raw(head)
            case .failed:
                guard !input.isEmpty else { return nil }
                defer { input = input[input.endIndex...] }
                return .raw(input)
            }
        }
    }

    /// True between two messages: a connection that ends elsewhere was cut.
    public var isBetweenMessages: Bool { position == .head && bytes.isEmpty && !isInMessage }

    /// Gathers the head of a frame; true when it is whole.
    private mutating func takeHead(_ input: inout ArraySlice<UInt8>) -> Bool {
        while bytes.count < WebSocketFrameHead.length(of: bytes) {
            guard let byte = input.popFirst() else { return false }
            bytes.append(byte)
        }
        return true
    }

    private mutating func begin() -> Piece? {
        do throws(StreamFault) {
            frame = try WebSocketFrameHead(bytes, isInMessage: isInMessage)
        } catch {
            position = .failing
            return .undecodable(error)
        }
        bytes.removeAll(keepingCapacity: true)
        remaining = frame.payloadLength
        key = frame.key
        position = .payload
        switch frame.opcode {
        case .text, .binary:
            isInMessage = true
            return .messageStart
        case .continuation: return .fragment
        case .close, .ping, .pong: return nil
        }
    }

    private mutating func takePayload(_ input: inout ArraySlice<UInt8>) -> Piece? {
        let taken = input.prefix(remaining < UInt64(input.count) ? Int(remaining) : input.count)
        input = input[taken.endIndex...]
        remaining -= UInt64(taken.count)
        let payload = key.unmask(taken)
        guard frame.isControl else { return .payload(payload) }
        control += payload
        return nil
    }

    private mutating func endFrame() -> Piece? {
        position = .head
        defer { control = [] }
        switch frame.opcode {
        case .ping: return .control(.ping)
        case .pong: return .control(.pong)
        case .close:
            let code = control.count < 2 ? nil : UInt16(control[0]) << 8 | UInt16(control[1])
            return .control(.closing(code: code))
        case .text, .binary, .continuation:
            guard frame.isFinal else { return nil }
            isInMessage = false
            return .messageEnd
        }
    }
}
