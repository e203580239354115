import CLibCurl

/// Who is told how a tunnel goes. All calls come on the engine's thread.
public protocol TunnelObserver: AnyObject, Sendable {
    /// The connection stands, TLS included.
    func tunnelConnected()
    /// Bytes that came; to be confirmed with `consumed`, or no more come.
    func tunnelReceived(_ bytes: [UInt8])
    func tunnelEnded(_ fault: TransportFault?)
    /// So many bytes that were given were sent.
    func tunnelTook(_ count: Int)
}

/// A bare connection that libcurl makes, proxies and TLS included, for what follows an upgrade. Touched on the engine's
/// thread only.
final class CurlTunnel {
    private static let receiveWindow = 256 << 10

    let handle: CurlHandle
    private weak var observer: (any TunnelObserver)?
    private(set) var socket: curl_socket_t = CURL_SOCKET_BAD
    private var outgoing: [ArraySlice<UInt8>] = []
    private var unconfirmed = 0
    /// True once the other end takes nothing any more; what it sent before that is still to be received.
    private var isDeaf = false
    private(set) var isOver = false

    init?(_ request: TransportRequest, observer: any TunnelObserver) {
        guard let handle = CurlHandle(request) else { return nil }
        self.handle = handle
        self.observer = observer
        handle.set(CURLOPT_CONNECT_ONLY, 1)
    }

    var wantsToReceive: Bool { unconfirmed < Self.receiveWindow }
    var wantsToSend: Bool { !outgoing.isEmpty }
    var isConnected: Bool { socket != CURL_SOCKET_BAD && !isOver }

    func connected(_ code: CURLcode) {
        guard code == CURLE_OK, byline_curl_get_socket(handle.easy, &socket) == CURLE_OK, socket != CURL_SOCKET_BAD
        else {
            return end(handle.fault(code == CURLE_OK ? CURLE_COULDNT_CONNECT : code))
        }
        observer?.tunnelConnected()
    }

    func send(_ bytes: [UInt8]) { if !bytes.isEmpty, !isDeaf { outgoing.append(bytes[...]) } }

    func consumed(_ count: Int) { unconfirmed -= count }

    /// Sends and receives what can be without waiting.
    func pump() {
        guard isConnected else { return }
        sendWaiting()
        while isConnected, wantsToReceive, receiveOnce() {}
    }

    func close() { isOver = true }

    private func end(_ fault: TransportFault?) {
        guard !isOver else { return }
        isOver = true
        observer?.tunnelEnded(fault)
    }

    private func sendWaiting() {
        while isConnected, let first = outgoing.first {
            var sent = 0
            let code = first.withUnsafeBytes { curl_easy_send(handle.easy, $0.baseAddress, $0.count, &sent) }
            if code == CURLE_AGAIN { return }
            guard code == CURLE_OK else {
                isDeaf = true
                outgoing = []
                return
            }
            if sent == first.count { outgoing.removeFirst() } else { outgoing[0] = first.dropFirst(sent) }
            observer?.tunnelTook(sent)
        }
    }

    /// - Returns: true where there may be more.
    private func receiveOnce() -> Bool {
        var code = CURLE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            code = curl_easy_recv(handle.easy, buffer.baseAddress, buffer.count, &count)
            if code != CURLE_OK { count = 0 }
        }
        if code == CURLE_AGAIN { return false }
        guard code == CURLE_OK else {
            end(handle.fault(code))
            return false
        }
        guard !bytes.isEmpty else {
            end(nil)
            return false
        }
        unconfirmed += bytes.count
        observer?.tunnelReceived(bytes)
        return true
    }
}
