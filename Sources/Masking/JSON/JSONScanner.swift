/// Reads JSON in pieces and tells where masks belong. It holds no bytes: what is not finished it asks to see again.
struct JSONScanner {
    private enum Expectation {
        case value
        case valueOrEnd
        case key
        case keyOrEnd
        case colon
        case commaOrEnd
    }

    /// What a member's name says of its value.
    private struct Context {
        var node = FieldTree.root
        var strength: TellingName.Strength?
        var role = Role.other

        enum Role {
            case other
            /// The `name` of an environment variable.
            case name
            /// The `value` that goes with it.
            case value
            /// `args` or `command`.
            case arguments
        }
    }

    private struct Frame {
        var node: Int
        var isObject: Bool
        var isArguments = false
        /// The object's `name` so far, or the flag before this argument, says that its value is secret.
        var isTold = false
    }

    private let judge: StringJudge
    private let usesNames: Bool
    private let fields: FieldTree
    private let detectors: DetectorSet
    private var stack: [Frame] = []
    private var expectation = Expectation.value
    private var context = Context()
    /// Where in the bytes that are shown again the open string goes on, and what is known of it.
    private var resume: (place: Int, hasEscape: Bool)?
    /// A string that is too long to be held: it is masked whole, by its digest.
    private var overlong: (digest: MaskDigest, rule: String, spelling: Mask.Spelling, hasEscape: Bool)?
    private(set) var edits: [Edit] = []

    init(_ rules: MaskingRules, nesting: Int = 0) {
        judge = StringJudge(rules, nesting: nesting)
        usesNames = rules.usesNames
        fields = rules.fields
        detectors = rules.detectors
    }

    /// True between two texts, and before the first.
    var isAtRest: Bool { stack.isEmpty && expectation == .value && resume == nil && overlong == nil }

    /// Takes the edits that lie before a place, and counts everything from there.
    mutating func take(before place: Int) -> [Edit] {
        let taken = edits
        edits = []
        if let resume { self.resume = (resume.place - place, resume.hasEscape) }
        return taken
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: what was asked to be seen again, and what came since.
    ///   - isEnd: true where no more will come.
    /// - Returns: up to where everything is decided.
    /// - Throws: what makes it no JSON.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) throws(MaskingFault) -> Int {
        var place = 0
        if overlong != nil {
            place = try continueOverlong(bytes)
            if overlong != nil { return place }
        }
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            case UInt8(ascii: "\""):
                guard let end = try string(bytes, at: place) else {
                    return try hold(bytes, from: place, isEnd: isEnd)
                }
                place = end
            case UInt8(ascii: ","):
                guard expectation == .commaOrEnd, let frame = stack.last else { throw .notJSON(offset: place) }
                expectation = frame.isObject ? .key : .value
                if !frame.isObject { context = elementContext(frame) }
                place += 1
            case UInt8(ascii: ":"):
                guard expectation == .colon else { throw .notJSON(offset: place) }
                expectation = .value
                place += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard expectation == .value || expectation == .valueOrEnd else { throw .notJSON(offset: place) }
                try open(isObject: byte == UInt8(ascii: "{"))
                place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                try close(isObject: byte == UInt8(ascii: "}"), place)
                place += 1
            default:
                guard expectation == .value || expectation == .valueOrEnd else { throw .notJSON(offset: place) }
                guard let end = try word(bytes, at: place, isEnd: isEnd) else { return place }
                place = end
            }
        }
        return place
    }

    // MARK: structure

    private mutating func open(isObject: Bool) throws(MaskingFault) {
        guard stack.count < JSONMasker.maximumDepth else { throw .tooDeep }
        let frame = Frame(
            node: context.node, isObject: isObject, isArguments: !isObject && context.role == .arguments)
        stack.append(frame)
        expectation = isObject ? .keyOrEnd : .valueOrEnd
        if !isObject { context = elementContext(frame) }
    }

    private mutating func close(isObject: Bool, _ place: Int) throws(MaskingFault) {
        let empty: Expectation = isObject ? .keyOrEnd : .valueOrEnd
        guard expectation == .commaOrEnd || expectation == empty, let frame = stack.popLast(),
            frame.isObject == isObject
        else { throw .notJSON(offset: place) }
        valueEnded()
    }

    @inline(__always)
    private mutating func valueEnded() {
        guard !stack.isEmpty else {
            expectation = .value
            context = Context()
            return
        }
        expectation = .commaOrEnd
    }

    @inline(__always)
    private func elementContext(_ frame: Frame) -> Context {
        frame.node == FieldTree.plain
            ? Context(node: FieldTree.plain) : Context(node: fields.element(in: frame.node))
    }

    // MARK: strings

    /// Returns the place behind the string; nil where it is not whole yet.
    @inline(__always)
    private mutating func string(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(MaskingFault) -> Int? {
        var hasEscape = resume?.hasEscape ?? false
        let from = resume?.place ?? place + 1
        resume = nil
        switch JSONStringScan.end(in: bytes, from: from, hasEscape: &hasEscape) {
        case .fault(let at): throw .notJSON(offset: at)
        case .open(let at):
            resume = (at, hasEscape)
            return nil
        case .closed(let end):
            switch expectation {
            case .key, .keyOrEnd: key(bytes, place + 1, end, hasEscape)
            case .value, .valueOrEnd: value(bytes, place + 1, end, hasEscape)
            default: throw .notJSON(offset: place)
            }
            return end + 1
        }
    }

    @inline(__always)
    private mutating func key(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ hasEscape: Bool) {
        expectation = .colon
        let parent = stack[stack.count - 1].node
        if hasEscape {
            let name = JSONText(spelled: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))?.bytes ?? []
            context = name.withUnsafeBytes { context(of: $0, parent) }
        } else {
            context = context(of: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), parent)
        }
    }

    @inline(__always)
    private func context(of name: UnsafeRawBufferPointer, _ parent: Int) -> Context {
        var context = Context(node: parent == FieldTree.plain ? FieldTree.plain : fields.node(of: name, in: parent))
        guard usesNames, name.count >= 3 else { return context }
        switch name.count {
        case 4 where name.isSame(as: "name"): context.role = .name
        case 4 where name.isSame(as: "args"): context.role = .arguments
        case 5 where name.isSame(as: "value"): context.role = .value
        case 7 where name.isSame(as: "command"): context.role = .arguments
        default: if TellingName.mayEnd(name) { context.strength = TellingName.strength(name) }
        }
        return context
    }

    @inline(__always)
    private mutating func value(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ hasEscape: Bool) {
        defer { valueEnded() }
        var isTold = false
        if let last = stack.indices.last {
            if context.role == .name {
                let name = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                stack[last].isTold = TellingName.mayEnd(name) && TellingName.strength(name) != nil
            } else if stack[last].isArguments {
                isTold = stack[last].isTold
                stack[last].isTold = !isTold && Self.isTellingFlag(bytes[start..<end])
            } else if context.role == .value {
                isTold = stack[last].isTold
            }
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        let action = context.node == FieldTree.plain ? .detect : fields.nodes[context.node].action
        var isCandidate = false
        if action == .detect {
            isCandidate = text.count > AnchorFilter.shortestAnchor && detectors.filter.finds(in: text)
            if !isTold, !isCandidate, context.strength == nil { return }
        }
        let string = StringJudge.Subject(
            bytes: text, hasEscape: hasEscape, action: action, isAssigned: isTold, strength: context.strength,
            isCandidate: isCandidate)
        for edit in judge.edits(of: string) { edits.append(edit.moved(by: start)) }
    }

    /// An argument such as `--password`, whose value is the next one.
    private static func isTellingFlag(_ argument: Slice<UnsafeRawBufferPointer>) -> Bool {
        argument.first == UInt8(ascii: "-") && argument.allSatisfy(\.isNameByte)
            && TellingName.strength(argument) != nil
    }

    // MARK: numbers and words

    private mutating func word(
        _ bytes: UnsafeRawBufferPointer, at place: Int, isEnd: Bool
    ) throws(MaskingFault) -> Int? {
        var end = place
        while end < bytes.count, bytes[end].isAlphanumeric || "+-.".utf8.contains(bytes[end]) { end += 1 }
        guard end > place else { throw .notJSON(offset: place) }
        guard end - place <= 4_096 else { throw .tooLong(offset: place) }
        guard end < bytes.count || isEnd else { return nil }
        let word = bytes[place..<end]
        guard bytes[place].isDigit || bytes[place] == UInt8(ascii: "-") || Self.isWord(word) else {
            throw .notJSON(offset: place)
        }
        if context.node != FieldTree.plain, !word.elementsEqual("null".utf8),
            let edit = judge.edit(ofWord: UnsafeRawBufferPointer(rebasing: word), fields.nodes[context.node].action)
        {
            edits.append(edit.moved(by: place))
        }
        valueEnded()
        return end
    }

    private static func isWord(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        let word = UnsafeRawBufferPointer(rebasing: bytes)
        return switch word.count {
        case 4: word.isSame(as: "true") || word.isSame(as: "null")
        case 5: word.isSame(as: "false")
        default: false
        }
    }

    // MARK: what is not whole yet

    /// Decides about a string that is not whole: it is shown again, unless it is too long for that.
    private mutating func hold(
        _ bytes: UnsafeRawBufferPointer, from place: Int, isEnd: Bool
    ) throws(MaskingFault) -> Int {
        guard bytes.count - place > JSONMasker.longestHeld else { return place }
        guard expectation == .value || expectation == .valueOrEnd, let resume else { throw .tooLong(offset: place) }
        let (rule, spelling) = judge.overlong(fields.nodes[context.node].action)
        var digest = judge.digest
        digest.add(UnsafeRawBufferPointer(rebasing: bytes[(place + 1)..<resume.place]))
        edits.append(Edit(removing: place + 1..<resume.place))
        overlong = (digest, rule, spelling, resume.hasEscape)
        self.resume = nil
        return resume.place
    }

    /// Returns up to where the string, or all of it, was taken.
    private mutating func continueOverlong(_ bytes: UnsafeRawBufferPointer) throws(MaskingFault) -> Int {
        guard var string = overlong else { return 0 }
        switch JSONStringScan.end(in: bytes, from: 0, hasEscape: &string.hasEscape) {
        case .fault(let at): throw .notJSON(offset: at)
        case .open(let at):
            string.digest.add(UnsafeRawBufferPointer(rebasing: bytes[0..<at]))
            overlong = string
            edits.append(Edit(removing: 0..<at))
            return at
        case .closed(let end):
            string.digest.add(UnsafeRawBufferPointer(rebasing: bytes[0..<end]))
            edits.append(
                Edit(range: 0..<end, masks: string.digest.masks, spelling: string.spelling, rule: string.rule))
            overlong = nil
            valueEnded()
            return end + 1
        }
    }
}
