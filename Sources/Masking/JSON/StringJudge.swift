import Vocabulary

/// Decides what of one JSON string is masked.
struct StringJudge {
    /// A string as it is spelled between its quotes, and what its place says of it.
    struct Subject {
        let bytes: UnsafeRawBufferPointer
        let hasEscape: Bool
        let action: FieldTree.Action
        /// What the name of an environment variable, or the flag before an argument, tells.
        let assigned: TellingNames.Strength?
        /// What the member's own name tells.
        let strength: TellingNames.Strength?
        /// True where a detector may find something.
        let isCandidate: Bool
        /// The masks of the values of its field.
        let binding: MaskBinding
    }

    private static let deepestNesting = 8
    private let rules: MaskingRules
    private let nesting: Int

    init(_ rules: MaskingRules, nesting: Int) {
        self.rules = rules
        self.nesting = nesting
    }

    /// The edits, in the spelled string.
    func edits(of subject: Subject) -> [Edit] {
        guard subject.hasEscape else { return edits(subject, subject.bytes) { $0 } }
        guard let text = JSONText(spelled: subject.bytes) else { return [whole(subject, "unreadable", nil)] }
        return text.bytes.withUnsafeBytes { bytes in edits(subject, bytes) { text.spelled($0) } }
    }

    private func edits(
        _ subject: Subject, _ text: UnsafeRawBufferPointer, _ spelled: (Range<Int>) -> Range<Int>
    ) -> [Edit] {
        guard !isMask(text[...]) else { return [] }
        switch subject.action {
        case .mask(let rule, let spelling): return text.isEmpty ? [] : [whole(subject, rule, text, spelling)]
        case .nested: return nested(subject, text, spelled) ?? [whole(subject, "unreadable", text)]
        case .quoting:
            if let quotation = QuotedObject(text).range, isSecret(quotation: text[quotation]) {
                let inside = UnsafeRawBufferPointer(rebasing: text[quotation])
                let range = spelled(quotation)
                return [
                    Edit(
                        range: range, masks: subject.binding.masks(of: inside), spelling: .plain, rule: "quoted-object",
                        original: Array(subject.bytes[range]))
                ]
            }
        case .detect, .identify: break
        }
        if let assigned = subject.assigned, assigned.isAssigned, PlausibleSecret.isAssigned(text[...]) {
            return [whole(subject, "named-value", text)]
        }
        if let strength = subject.assigned ?? subject.strength,
            PlausibleSecret.isSecret(text[...], beside: strength, isDelimited: true)
        {
            return [whole(subject, "named-value", text)]
        }
        guard subject.isCandidate || subject.hasEscape || subject.action == .quoting else { return [] }
        if let edits = nested(subject, text, spelled) { return edits }
        return rules.detectors.findings(in: text).map { finding in
            let secret = UnsafeRawBufferPointer(rebasing: text[finding.range])
            let range = spelled(finding.range)
            return Edit(
                range: range, masks: subject.binding.masks(of: secret), spelling: .plain, rule: finding.rule,
                original: Array(subject.bytes[range]))
        }
    }

    /// True where what an error quotes holds a secret, or may: what is no whole JSON is judged by the names in it.
    private func isSecret(quotation: Slice<UnsafeRawBufferPointer>) -> Bool {
        // Of an object with masked fields nothing is quoted.
        guard rules.isPlain else { return true }
        let readings = QuotedObject.readings(UnsafeRawBufferPointer(rebasing: quotation))
        for reading in readings {
            var scanner = JSONScanner(rules, rules.keys.binding(to: .fresh()), nesting: nesting + 1)
            let end = reading.withUnsafeBytes { try? scanner.scan($0, isEnd: true) }
            if end == reading.count, scanner.isAtRest { return !scanner.edits.isEmpty }
        }
        return readings.contains { reading in
            reading.withUnsafeBytes { bytes in
                !rules.detectors.findings(in: bytes).isEmpty
                    || bytes.split(whereSeparator: { !$0.isNameByte }).contains {
                        rules.names.strength(of: UnsafeRawBufferPointer(rebasing: $0)) != nil
                    }
            }
        }
    }

    /// Masks the JSON inside a string; nil where it holds none.
    private func nested(
        _ subject: Subject, _ text: UnsafeRawBufferPointer, _ spelled: (Range<Int>) -> Range<Int>
    ) -> [Edit]? {
        guard nesting < Self.deepestNesting, let first = text.first(where: { !$0.isSpace }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return nil }
        var scanner = JSONScanner(rules, subject.binding, nesting: nesting + 1)
        guard (try? scanner.scan(text, isEnd: true)) == text.count, scanner.isAtRest else { return nil }
        return scanner.edits.map { edit in
            var edit = edit
            edit.range = spelled(edit.range)
            edit.quote = edit.quote.flatMap { $0 == UInt8(ascii: "\"") ? Array("\\\"".utf8) : [$0] }
            return edit
        }
    }

    /// A number or a boolean at a place that is masked becomes a string.
    func edit(ofWord word: UnsafeRawBufferPointer, _ action: FieldTree.Action, _ binding: MaskBinding) -> Edit? {
        guard case .mask(let rule, _) = action else { return nil }
        return Edit(
            range: 0..<word.count, masks: binding.masks(of: word), spelling: .plain, rule: rule,
            quote: [UInt8(ascii: "\"")], original: Array(word))
    }

    /// The rule and the spelling for a string that is too long to be looked at.
    func overlong(_ action: FieldTree.Action) -> (rule: String, spelling: Mask.Spelling) {
        if case .mask(let rule, let spelling) = action { return (rule, spelling) }
        return ("overlong", .plain)
    }

    private func whole(
        _ subject: Subject, _ rule: String, _ text: UnsafeRawBufferPointer?, _ spelling: Mask.Spelling = .plain
    ) -> Edit {
        let value = text ?? subject.bytes
        let plain = spelling == .base64 ? Base64.decode(value) : nil
        let masks = plain.map { plain in plain.withUnsafeBytes { subject.binding.masks(of: $0) } }
        return Edit(
            range: 0..<subject.bytes.count, masks: masks ?? subject.binding.masks(of: value), spelling: spelling,
            rule: rule,
            original: Array(subject.bytes))
    }

    /// What is masked already stays as it is.
    private func isMask(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        (text.starts(with: Mask.prefix.utf8) && text.count == Mask.prefix.utf8.count + 32)
            || (text.starts(with: Mask.base64Prefix.utf8) && text.count == 80)
    }
}
