import CLibCurl
import Dispatch
import Synchronization

/// Names one transfer or tunnel of an engine.
public struct TransferID: Hashable, Sendable {
    fileprivate let number: UInt64
}

/// libcurl's multi interface on a thread of its own. Everything that touches a handle happens on that thread; callers
/// hand over commands and are told through their observers.
public final class CurlEngine: Sendable {
    private struct Mailbox {
        var commands: [@Sendable (CurlLoop) -> Void] = []
        var isStopped = false
    }

    private let mailbox: Mutex<Mailbox> = Mutex(Mailbox())
    private let next = Atomic<UInt64>(1)
    /// libcurl allows `curl_multi_wakeup` from any thread; nothing else is called on it from here.
    private let multi: MultiHandle

    public init() throws(TransportFault) {
        _ = Self.globalInitialization
        guard let multi = MultiHandle() else { throw .badRequest("libcurl could not be started") }
        self.multi = multi
        let queue = DispatchQueue(label: "byline.curl")
        queue.async { self.run() }
    }

    private static let globalInitialization: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Ends all transfers and the thread.
    public func stop() {
        mailbox.withLock { $0.isStopped = true }
        multi.wake()
    }

    /// Begins a request; how it goes is told to the observer, which the caller keeps alive. The id is minted before, so
    /// that the observer knows it from its first call on.
    public func start(_ id: TransferID, _ request: TransportRequest, observer: any TransferObserver) {
        submit { $0.start(id, request, observer) }
    }

    /// Opens a bare connection to the URL's host.
    public func openTunnel(_ id: TransferID, _ request: TransportRequest, observer: any TunnelObserver) {
        submit { $0.openTunnel(id, request, observer) }
    }

    /// A piece of a request's body, or bytes for a tunnel.
    public func send(_ id: TransferID, _ bytes: [UInt8]) { submit { $0.send(id, bytes) } }

    public func endBody(_ id: TransferID) { submit { $0.transfers[id]?.endBody() } }

    /// Confirms bytes that were given to the observer.
    public func consumed(_ id: TransferID, _ count: Int) { submit { $0.consumed(id, count) } }

    /// Ends a transfer or a tunnel; its observer hears no more.
    public func cancel(_ id: TransferID) { submit { $0.cancel(id) } }

    /// A name for a transfer to come.
    public func mint() -> TransferID { TransferID(number: next.add(1, ordering: .relaxed).newValue) }

    private func submit(_ command: @escaping @Sendable (CurlLoop) -> Void) {
        mailbox.withLock { $0.commands.append(command) }
        multi.wake()
    }

    private func run() {
        let loop = CurlLoop(multi)
        while true {
            let (commands, isStopped) = mailbox.withLock { mailbox in
                defer { mailbox.commands = [] }
                return (mailbox.commands, mailbox.isStopped)
            }
            if isStopped { return loop.stop() }
            for command in commands { command(loop) }
            loop.turn()
        }
    }
}

/// The multi handle.
///
/// `@unchecked Sendable`: `wake` is the one call that libcurl documents as safe from any thread; all others are made by
/// `CurlLoop` on the engine's thread.
private final class MultiHandle: @unchecked Sendable {
    fileprivate let pointer: UnsafeMutableRawPointer

    init?() {
        guard let multi = curl_multi_init() else { return nil }
        pointer = multi
        _ = byline_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
    }

    deinit { curl_multi_cleanup(pointer) }

    func wake() { _ = curl_multi_wakeup(pointer) }
}

/// What lives on the engine's thread.
private final class CurlLoop {
    private let multi: MultiHandle
    var transfers: [TransferID: CurlTransfer] = [:]
    private let told = ToldObservers()
    private var tunnels: [TransferID: CurlTunnel] = [:]
    private var owners: [UnsafeMutableRawPointer: TransferID] = [:]

    init(_ multi: MultiHandle) { self.multi = multi }

    func start(_ id: TransferID, _ request: TransportRequest, _ observer: any TransferObserver) {
        guard let transfer = CurlTransfer(request, observer: observer, told: told) else {
            observer.transferEnded(.badRequest("libcurl is out of memory"))
            return told.add(observer)
        }
        transfers[id] = transfer
        add(transfer.handle, id)
    }

    func openTunnel(_ id: TransferID, _ request: TransportRequest, _ observer: any TunnelObserver) {
        guard let tunnel = CurlTunnel(request, observer: observer) else {
            return observer.tunnelEnded(.badRequest("libcurl is out of memory"))
        }
        tunnels[id] = tunnel
        add(tunnel.handle, id)
    }

    func send(_ id: TransferID, _ bytes: [UInt8]) {
        transfers[id]?.send(bytes)
        tunnels[id]?.send(bytes)
    }

    func consumed(_ id: TransferID, _ count: Int) {
        transfers[id]?.consumed(count)
        tunnels[id]?.consumed(count)
    }

    func cancel(_ id: TransferID) {
        if let transfer = transfers.removeValue(forKey: id) { remove(transfer.handle) }
        if let tunnel = tunnels.removeValue(forKey: id) {
            // What was given before the end is to arrive, as far as the connection takes it now.
            tunnel.pump()
            tunnel.close()
            remove(tunnel.handle)
        }
    }

    func stop() {
        for id in Array(transfers.keys) + Array(tunnels.keys) { cancel(id) }
    }

    /// One turn: lets libcurl work, moves the tunnels' bytes, then waits for something to happen.
    func turn() {
        var running: Int32 = 0
        _ = curl_multi_perform(multi.pointer, &running)
        readMessages()
        told.endTurn()
        for (id, tunnel) in tunnels {
            tunnel.pump()
            if tunnel.isOver { cancel(id) }
        }
        // poll(2) tells of a connection's end whatever it is asked for: who can do nothing now is left out.
        let movable = tunnels.values.filter { $0.isConnected && ($0.wantsToReceive || $0.wantsToSend) }
        var sockets = movable.map { tunnel in
            let events = (tunnel.wantsToReceive ? CURL_WAIT_POLLIN : 0) | (tunnel.wantsToSend ? CURL_WAIT_POLLOUT : 0)
            return curl_waitfd(fd: tunnel.socket, events: Int16(events), revents: 0)
        }
        _ = curl_multi_poll(multi.pointer, &sockets, UInt32(sockets.count), 60_000, nil)
    }

    private func readMessages() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle, let id = owners[easy]
            else { continue }
            let code = byline_curl_message_result(message)
            if let tunnel = tunnels[id] {
                // The handle stays in the multi: libcurl finds the connection through it.
                tunnel.connected(code)
            } else if let transfer = transfers.removeValue(forKey: id) {
                remove(transfer.handle)
                transfer.finished(code)
            }
        }
    }

    private func add(_ handle: CurlHandle, _ id: TransferID) {
        owners[handle.easy] = id
        _ = curl_multi_add_handle(multi.pointer, handle.easy)
    }

    private func remove(_ handle: CurlHandle) {
        owners[handle.easy] = nil
        _ = curl_multi_remove_handle(multi.pointer, handle.easy)
    }
}
