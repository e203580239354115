import CLibCurl

/// Who is told how a transfer goes. All calls come on the engine's thread.
public protocol TransferObserver: AnyObject, Sendable {
    func transferHead(_ head: TransportHead)
    /// A piece of the body. What was given must be confirmed with `consumed`, or no more comes.
    func transferBody(_ bytes: [UInt8])
    func transferEnded(_ fault: TransportFault?)
    /// So many bytes of the request's body were taken.
    func transferTook(_ count: Int)
    /// What libcurl had for this transfer at once has been told: who must carry it to another thread does so now.
    func turnEnded()
}

extension TransferObserver {
    public func turnEnded() {}
}

/// The observers that were told something since the turn began.
final class ToldObservers {
    private var observers: [any TransferObserver] = []

    func add(_ observer: any TransferObserver) { observers.append(observer) }

    func endTurn() {
        let told = observers
        observers.removeAll(keepingCapacity: true)
        for observer in told { observer.turnEnded() }
    }
}

/// One request on its way through libcurl. Touched on the engine's thread only.
final class CurlTransfer {
    /// Bytes of the answer that may lie unconfirmed at the observer before libcurl is paused.
    private static let receiveWindow = 512 << 10

    let handle: CurlHandle
    private weak var observer: (any TransferObserver)?
    private let told: ToldObservers
    private var status = 0
    private var headers: [(name: String, value: String)] = []
    private var headTold = false
    private var unconfirmed = 0
    private var isReceivingPaused = false
    private var upload: [ArraySlice<UInt8>] = []
    private var uploadEnded: Bool
    private var isSendingPaused = false

    init?(_ request: TransportRequest, observer: any TransferObserver, told: ToldObservers) {
        guard let handle = CurlHandle(request) else { return nil }
        self.handle = handle
        self.observer = observer
        self.told = told
        switch request.body {
        case .none: uploadEnded = true
        case .bytes(let bytes):
            upload = [bytes[...]]
            uploadEnded = true
        case .stream: uploadEnded = false
        }
        handle.setMessage(request)
        let context = Unmanaged.passUnretained(self).toOpaque()
        handle.set(CURLOPT_HEADERFUNCTION, transferHeaderCallback)
        handle.set(CURLOPT_HEADERDATA, pointer: context)
        handle.set(CURLOPT_WRITEFUNCTION, transferWriteCallback)
        handle.set(CURLOPT_WRITEDATA, pointer: context)
        handle.set(CURLOPT_READFUNCTION, transferReadCallback)
        handle.set(CURLOPT_READDATA, pointer: context)
    }

    func consumed(_ count: Int) {
        unconfirmed -= count
        if isReceivingPaused, unconfirmed <= Self.receiveWindow / 2 {
            isReceivingPaused = false
            unpause()
        }
    }

    func send(_ bytes: [UInt8]) {
        upload.append(bytes[...])
        continueSending()
    }

    func endBody() {
        uploadEnded = true
        continueSending()
    }

    func finished(_ code: CURLcode) {
        tellHead()
        tell { $0.transferEnded(code == CURLE_OK ? nil : handle.fault(code)) }
    }

    private func tell(_ news: (any TransferObserver) -> Void) {
        guard let observer else { return }
        news(observer)
        told.add(observer)
    }

    private func continueSending() {
        guard isSendingPaused else { return }
        isSendingPaused = false
        unpause()
    }

    private func unpause() {
        let mask = (isReceivingPaused ? CURLPAUSE_RECV : 0) | (isSendingPaused ? CURLPAUSE_SEND : 0)
        _ = curl_easy_pause(handle.easy, mask)
    }

    // MARK: what libcurl calls

    fileprivate func header(_ line: UnsafeRawBufferPointer) -> Int {
        let text = String(decoding: line, as: UTF8.self).trimmingLineEnd()
        if text.hasPrefix("HTTP/"), !headTold {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            headers = []
        } else if text.isEmpty {
            // 100-continue and other interim answers are not the answer.
            if status >= 200 || status == 101 { tellHead() }
        } else if !headTold, let colon = text.firstIndex(of: ":") {
            headers.append((String(text[..<colon]), String(text[text.index(after: colon)...]).trimmingSpaces()))
        }
        return line.count
    }

    private func tellHead() {
        guard !headTold, status > 0 else { return }
        headTold = true
        tell { $0.transferHead(TransportHead(status: status, headers: headers)) }
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard unconfirmed < Self.receiveWindow else {
            isReceivingPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        unconfirmed += bytes.count
        tell { $0.transferBody(Array(bytes)) }
        return bytes.count
    }

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let first = upload.first else {
            if uploadEnded { return 0 }
            isSendingPaused = true
            return Int(CURL_READFUNC_PAUSE)
        }
        let count = min(first.count, buffer.count)
        buffer.copyBytes(from: first.prefix(count))
        if count == first.count { upload.removeFirst() } else { upload[0] = first.dropFirst(count) }
        tell { $0.transferTook(count) }
        return count
    }
}

// C callbacks: free functions, since a closure written at top level would belong to the main actor.

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func transferHeaderCallback(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    transfer(context)?.header(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func transferWriteCallback(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    transfer(context)?.write(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func transferReadCallback(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    transfer(context)?.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        ?? Int(CURL_READFUNC_ABORT)
}

extension String {
    func trimmingLineEnd() -> String {
        var end = utf8.endIndex
        while end > utf8.startIndex {
            let previous = utf8.index(before: end)
            guard utf8[previous] == UInt8(ascii: "\n") || utf8[previous] == UInt8(ascii: "\r") else { break }
            end = previous
        }
        return String(self[..<end])
    }

    func trimmingSpaces() -> String {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return String(text)
    }
}
