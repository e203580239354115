import Vocabulary

/// The device grants (RFC 8628) that are under way.
actor DeviceGrants {
    static let lifetime = 600
    static let interval = 2
    private static let capacity = 16
    /// No vowels, so no words; no letters that are mistaken for others (RFC 8628 §6.1).
    private static let letters = Array("BCDFGHJKLMNPQRSTVWXZ")

    struct Device: Sendable {
        let deviceCode: String
        let userCode: String
        /// Proves that the approving form is the one this issuer showed.
        let formToken: String
        let expiration: Timestamp
        var verdict: Bool?
        var lastPoll: Timestamp?
    }

    enum Poll {
        case approved, pending, tooFast, denied, expired
    }

    private var devices: [String: Device] = [:]

    /// Begins a grant; nil while too many are under way.
    func begin(now: Timestamp) -> Device? {
        devices = devices.filter { $0.value.expiration > now }
        guard devices.count < Self.capacity else { return nil }
        let letters = (0..<8).map { _ in Self.letters[Int.random(in: 0..<Self.letters.count)] }
        let device = Device(
            deviceCode: Self.secret(), userCode: "\(String(letters[0..<4]))-\(String(letters[4..<8]))",
            formToken: Self.secret(),
            expiration: now.advanced(bySeconds: Int64(Self.lifetime)))
        devices[device.deviceCode] = device
        return device
    }

    func find(userCode: String) -> Device? {
        let wanted = userCode.uppercased().filter(\.isLetter)
        return devices.values.first { $0.userCode.filter(\.isLetter) == wanted && $0.verdict == nil }
    }

    /// The person's verdict on a code; false where no such code waits for one.
    func decide(userCode: String, formToken: String, approved: Bool) -> Bool {
        guard let device = find(userCode: userCode), device.formToken == formToken else { return false }
        devices[device.deviceCode]?.verdict = approved
        return true
    }

    func poll(_ deviceCode: String, now: Timestamp) -> Poll {
        guard var device = devices[deviceCode], now < device.expiration else { return .expired }
        if let verdict = device.verdict {
            devices[deviceCode] = nil
            return verdict ? .approved : .denied
        }
        defer { devices[deviceCode] = device }
        let last = device.lastPoll
        device.lastPoll = now
        if let last, now < last.advanced(bySeconds: Int64(Self.interval) - 1) { return .tooFast }
        return .pending
    }

    private static func secret() -> String { Base64.encodeURL((0..<32).map { _ in UInt8.random(in: 0...255) }) }
}
