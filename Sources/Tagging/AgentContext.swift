public import Vocabulary

/// What is known about who writes, field by field, each with where it was learned.
public struct AgentContext: Hashable, Sendable {
    /// A value and where it was learned.
    public struct Learned: Hashable, Sendable {
        public let value: String
        public let source: ContextSource

        public init(_ value: String, _ source: ContextSource) {
            self.value = value
            self.source = source
        }
    }

    /// What was found somewhere and cannot be used.
    public struct Fault: Hashable, Sendable {
        public let source: ContextSource
        public let reason: Reason

        public enum Reason: Hashable, Sendable {
            case baggage(Baggage.Fault)
            /// A value that holds control characters or is longer than baggage takes.
            case invalid(Byline.Field)
            case invalidTraceparent
            /// A file that cannot be read, or holds something else; why, as a sentence.
            case unreadable(String)
            /// Several tools left their marks, and none can be told to be the one that runs this command.
            case severalTools([String])
        }

        public init(_ source: ContextSource, _ reason: Reason) {
            self.source = source
            self.reason = reason
        }
    }

    public private(set) var fields: [Byline.Field: Learned] = [:]
    /// W3C `traceparent`, for the requests that carry none.
    public private(set) var traceparent: Learned?
    public private(set) var faults: [Fault] = []

    public init() {}

    /// The byline, every field asserted.
    public var byline: Byline { Byline(fields.mapValues(\.value), trust: .asserted) }

    /// Takes a field's value, unless a source before has said it. To be called in the order of precedence.
    public mutating func learn(_ field: Byline.Field, _ value: String?, from source: ContextSource) {
        guard let value, !value.isEmpty, fields[field] == nil else { return }
        guard Self.isUsable(value) else { return report(Fault(source, .invalid(field))) }
        fields[field] = Learned(value, source)
    }

    /// Takes several fields of one source.
    public mutating func learn(_ values: [Byline.Field: String], from source: ContextSource) {
        for (field, value) in values { learn(field, value, from: source) }
    }

    /// Takes W3C baggage.
    public mutating func learn(baggage: String, from source: ContextSource) {
        do throws(Baggage.Fault) {
            for (field, claim) in try Baggage.decode([baggage]).fields { learn(field, claim.value, from: source) }
        } catch { report(Fault(source, .baggage(error))) }
    }

    /// Takes a W3C traceparent.
    public mutating func learn(traceparent text: String?, from source: ContextSource) {
        guard let text, !text.isEmpty, traceparent == nil else { return }
        guard Traceparent.isValid(text) else { return report(Fault(source, .invalidTraceparent)) }
        traceparent = Learned(text, source)
    }

    public mutating func report(_ fault: Fault) { if !faults.contains(fault) { faults.append(fault) } }

    /// True where the value can travel as baggage and stand in a header.
    public static func isUsable(_ value: String) -> Bool {
        value.utf8.count <= Baggage.maximumValueLength
            && !value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    }
}

/// W3C trace context's `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header).
public enum Traceparent {
    public static let headerName = "traceparent"

    /// True for version 00 with a trace and a parent that are not all zeros.
    public static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "00", zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.utf8.count == $1 }) else {
            return false
        }
        return parts.allSatisfy { $0.utf8.allSatisfy(isLowerHex) }
            && !parts[1].allSatisfy { $0 == "0" } && !parts[2].allSatisfy { $0 == "0" }
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
