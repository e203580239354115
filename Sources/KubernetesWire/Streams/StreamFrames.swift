import Vocabulary

/// Writes frames as the cluster's side writes them.
///
/// Exchanged bytes may be more than those that came. SPDY's windows do not count them: neither moby/spdystream, which the
/// API server, kubelet and client-go use, nor any other peer of Kubernetes sends WINDOW_UPDATE or heeds one, so that a
/// receiver's word for more never comes and is never waited for. TCP's own flow control holds the sender back.
enum StreamFrames {
    /// The longest payload of one frame; kubelet's own frames have up to 32 KiB.
    static let longest = 32 << 10

    static func append(
        _ bytes: some RandomAccessCollection<UInt8>, to output: inout [UInt8],
        _ frame: (_ part: ArraySlice<UInt8>) -> [UInt8]
    ) {
        let bytes = Array(bytes)
        for start in stride(from: 0, to: bytes.count, by: longest) {
            output += frame(bytes[start..<min(start + longest, bytes.count)])
        }
    }
}

/// A message of the subprotocols `channel.k8s.io`, in one frame that is not masked (RFC 6455 §5.2).
enum ChannelMessage {
    static func frame(_ bytes: ArraySlice<UInt8>, number: UInt8, isBase64: Bool) -> [UInt8] {
        guard isBase64 else { return head(.binary, length: bytes.count + 1) + [number] + bytes }
        let text = Array(Base64.encode(bytes).utf8)
        return head(.text, length: text.count + 1) + [UInt8(ascii: "0") &+ number] + text
    }

    private static func head(_ opcode: WebSocketFrameHead.Opcode, length: Int) -> [UInt8] {
        let first = 0x80 | opcode.rawValue
        switch length {
        case ..<126: return [first, UInt8(length)]
        case ..<65_536: return [first, 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default: return [first, 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        }
    }
}

/// A frame of a SPDY stream's data (draft-mbelshe-httpbis-spdy-00 §2.2.2).
enum SPDYDataFrame {
    static func frame(_ bytes: ArraySlice<UInt8>, _ stream: UInt32) -> [UInt8] {
        head(stream, isLast: false, length: bytes.count) + bytes
    }

    static func head(_ stream: UInt32, isLast: Bool, length: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) } + [isLast ? 1 : 0]
            + [16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }
}
