/// Reads JSON in pieces and tells where masks belong. It holds no bytes: what is not finished it asks to see again.
struct JSONScanner {
    enum Expectation {
        case value
        case valueOrEnd
        case key
        case keyOrEnd
        case colon
        case commaOrEnd
    }

    /// What decides about a value before it is seen: its place, and its member's name.
    struct Context {
        var node = FieldTree.root
        var sense = MemberSense()
        /// The hash of the member's name; of an array's for its elements.
        var field: UInt64 = 0
    }

    struct Frame {
        enum Kind {
            /// What is around a whole text.
            case outside
            case object
            case array
        }

        var kind: Kind
        var node: Int
        /// True for the elements of `args` or `command`.
        var isArguments = false
        /// The hash of the name that an array has.
        var field: UInt64 = 0
        /// The object's `name` so far, or the flag before this argument, tells what its value is.
        var told: TellingNames.Strength?
    }

    private let judge: StringJudge
    private let names: MemberNames
    private let fields: FieldTree
    private let detectors: DetectorSet
    private let fieldSeed: UInt64
    /// The innermost object or array, and those around it.
    var frame = Frame(kind: .outside, node: FieldTree.root)
    var outer: [Frame] = []
    var expectation = Expectation.value
    private var context = Context()
    /// Where in the bytes that are shown again the open string goes on, and what is known of it.
    private var resume: (place: Int, hasEscape: Bool)?
    /// A string that is too long to be held: it is masked whole, by its digest.
    private var overlong: (digest: MaskDigest, rule: String, spelling: Mask.Spelling, hasEscape: Bool)?
    private(set) var edits: [Edit] = []
    /// The object around the value.
    var identity: ObjectIdentity
    /// Room for marks, kept from piece to piece; no more of it than this many words.
    private var space: [UInt64] = []
    private static let keptSpace = 4_096

    init(_ rules: MaskingRules, _ binding: MaskBinding, nesting: Int = 0) {
        identity = ObjectIdentity(binding)
        judge = StringJudge(rules, nesting: nesting)
        names = rules.names
        fields = rules.fields
        detectors = rules.detectors
        fieldSeed = rules.keys.fieldSeed
    }

    /// True between two texts, and before the first.
    var isAtRest: Bool { outer.isEmpty && expectation == .value && resume == nil && overlong == nil }

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
        let origin = resume?.place ?? 0
        let words = JSONWindow.words(bytes, from: origin)
        // Taken while it is used: it is not in the way of what else changes then.
        var space = self.space
        self.space = []
        defer { if words <= Self.keptSpace { self.space = space } }
        if space.count < words { space = [UInt64](repeating: 0, count: words) }
        return try space.withUnsafeMutableBufferPointer { (space) throws(MaskingFault) in
            guard let window = JSONWindow(bytes, from: origin, detectors.filter, space) else { return 0 }
            return try scan(window, isEnd: isEnd)
        }
    }

    private mutating func scan(_ bytes: JSONWindow, isEnd: Bool) throws(MaskingFault) -> Int {
        var place = 0
        if overlong != nil {
            place = try continueOverlong(bytes)
            if overlong != nil { return place }
        }
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\""):
                if expectation == .key || expectation == .keyOrEnd, resume == nil {
                    let start = place
                    place = passPlain(bytes, from: place)
                    if place > start { continue }
                }
                guard let end = try string(bytes, at: place) else {
                    return try hold(bytes, from: place, isEnd: isEnd)
                }
                place = end
            case UInt8(ascii: ","):
                guard expectation == .commaOrEnd else { throw .notJSON(offset: place) }
                if frame.kind == .object { expectation = .key } else { expectElement(.value) }
                place += 1
            case UInt8(ascii: ":"):
                guard expectation == .colon else { throw .notJSON(offset: place) }
                expectation = .value
                place += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard expectation == .value || expectation == .valueOrEnd else { throw .notJSON(offset: place) }
                try open(byte == UInt8(ascii: "{") ? .object : .array)
                place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                try close(byte == UInt8(ascii: "}") ? .object : .array, place)
                place += 1
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default:
                guard expectation == .value || expectation == .valueOrEnd else { throw .notJSON(offset: place) }
                guard let end = try word(bytes, at: place, isEnd: isEnd) else { return place }
                place = end
            }
        }
        return place
    }

    // MARK: structure

    private mutating func open(_ kind: Frame.Kind) throws(MaskingFault) {
        guard outer.count < JSONMasker.maximumDepth else { throw .tooDeep }
        outer.append(frame)
        let isArguments = kind == .array && context.sense.role == .arguments
        if context.node == FieldTree.root { identity.reset() }
        frame = Frame(kind: kind, node: context.node, isArguments: isArguments, field: context.field)
        if kind == .object { expectation = .keyOrEnd } else { expectElement(.valueOrEnd) }
    }

    private mutating func close(_ kind: Frame.Kind, _ place: Int) throws(MaskingFault) {
        let empty: Expectation = kind == .object ? .keyOrEnd : .valueOrEnd
        guard expectation == .commaOrEnd || expectation == empty, frame.kind == kind, let around = outer.popLast()
        else { throw .notJSON(offset: place) }
        if frame.node == FieldTree.root { identity.reset() }
        frame = around
        valueEnded()
    }

    @inline(__always)
    private mutating func valueEnded() {
        guard frame.kind == .outside else {
            expectation = .commaOrEnd
            return
        }
        expectation = .value
        context = Context()
    }

    /// Expects an array's element.
    @inline(__always)
    private mutating func expectElement(_ expectation: Expectation) {
        self.expectation = expectation
        context = Context(node: frame.node == FieldTree.plain ? FieldTree.plain : fields.element(in: frame.node))
        context.field = frame.field
        if frame.isArguments { context.sense.role = .arguments }
    }

    // MARK: strings

    /// Returns the place behind the string; nil where it is not whole yet.
    @inline(__always)
    private mutating func string(_ bytes: JSONWindow, at place: Int) throws(MaskingFault) -> Int? {
        var hasEscape = false
        var from = place + 1
        if let resume {
            (from, hasEscape) = resume
            self.resume = nil
        }
        let end = try stringEnd(bytes, from: from, &hasEscape)
        guard bytes.has("\"", at: end) else {
            resume = (end, hasEscape)
            return nil
        }
        switch expectation {
        case .key, .keyOrEnd: key(bytes[place + 1..<end], hasEscape)
        case .value, .valueOrEnd: value(bytes, place + 1, end, hasEscape)
        default: throw .notJSON(offset: place)
        }
        return end + 1
    }

    /// The closing quote's place, or where to go on when there is more: at the bytes' end, or at a backslash before it.
    /// It begins within the string, not between a backslash and what it escapes. `hasEscape` is set where a backslash is met.
    @inline(__always)
    private func stringEnd(
        _ bytes: JSONWindow, from start: Int, _ hasEscape: inout Bool
    ) throws(MaskingFault) -> Int {
        var place = start
        while true {
            place = bytes.nextEnd(from: place)
            guard place < bytes.count, bytes[place] != UInt8(ascii: "\"") else { return place }
            guard bytes[place] == UInt8(ascii: "\\") else { throw .notJSON(offset: place) }
            hasEscape = true
            guard place + 1 < bytes.count else { return place }
            place += 2
        }
    }

    @inline(__always)
    private mutating func key(_ name: UnsafeRawBufferPointer, _ hasEscape: Bool) {
        expectation = .colon
        if hasEscape {
            let name = JSONText.bytes(spelled: name) ?? []
            context = name.withUnsafeBytes { context(of: $0) }
        } else {
            context = context(of: name)
        }
        context.field = hash(name, context.node)
    }

    /// Tells fields apart (FNV-1a, from a secret beginning): by their names, and those with a rule from those without.
    func hash(_ name: UnsafeRawBufferPointer, _ node: Int) -> UInt64 {
        name.reduce(fieldSeed ^ UInt64(truncatingIfNeeded: node)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    @inline(__always)
    func context(of name: UnsafeRawBufferPointer) -> Context {
        Context(
            node: frame.node == FieldTree.plain ? FieldTree.plain : fields.node(of: name, in: frame.node),
            sense: names.sense(of: name))
    }

    @inline(__always)
    private mutating func value(
        _ bytes: JSONWindow, _ start: Int, _ end: Int, _ hasEscape: Bool
    ) {
        defer { valueEnded() }
        let text = bytes[start..<end]
        let told = told(text, context.sense.role)
        let action = context.node == FieldTree.plain ? .detect : fields.nodes[context.node].action
        var isCandidate = false
        if case .identify(let part) = action { identity.set(part, text) }
        if action.isDetecting {
            isCandidate = text.count > AnchorFilter.shortestAnchor && hasAnchor(text, bytes, from: start)
            if told == nil, !isCandidate, context.sense.strength == nil { return }
        }
        let string = StringJudge.Subject(
            bytes: text, hasEscape: hasEscape, action: action, assigned: told, strength: context.sense.strength,
            isCandidate: isCandidate, binding: identity.binding(toField: context.field))
        for edit in judge.edits(of: string) { edits.append(edit.moved(by: start)) }
    }

    /// What stands before a value in its object or array, and says that it is secret; notes what it says of the next one.
    @inline(__always)
    mutating func told(_ text: UnsafeRawBufferPointer, _ role: MemberSense.Role) -> TellingNames.Strength? {
        switch role {
        case .other: return nil
        case .value: return frame.told
        case .name:
            frame.told = names.strength(of: text)
            return nil
        case .arguments:
            // `args: --password` is no list.
            guard frame.isArguments else { return nil }
            defer { frame.told = frame.told == nil ? tellingFlag(text) : nil }
            return frame.told
        }
    }

    /// Whether an anchor stands in a text that begins at a place.
    @inline(__always)
    private func hasAnchor(_ text: UnsafeRawBufferPointer, _ bytes: JSONWindow, from start: Int) -> Bool {
        guard start >= bytes.origin else { return detectors.filter.finds(in: text) }
        var head = bytes.nextHead(from: start) - start
        while head + AnchorFilter.shortestAnchor <= text.count {
            if detectors.filter.stands(in: text, at: head) { return true }
            head = bytes.nextHead(from: start + head + 1) - start
        }
        return false
    }

    /// What an argument such as `--password` says, whose value is the next one.
    private func tellingFlag(_ argument: UnsafeRawBufferPointer) -> TellingNames.Strength? {
        guard argument.first == UInt8(ascii: "-"), argument.allSatisfy(\.isNameByte) else { return nil }
        return names.strength(of: argument)
    }

    // MARK: numbers and words

    private mutating func word(
        _ bytes: JSONWindow, at place: Int, isEnd: Bool
    ) throws(MaskingFault) -> Int? {
        var end = place
        while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
        guard end > place else { throw .notJSON(offset: place) }
        guard end - place <= 4_096 else { throw .tooLong(offset: place) }
        guard end < bytes.count || isEnd else { return nil }
        let word = bytes[place..<end]
        guard bytes[place].isDigit || bytes[place] == UInt8(ascii: "-") || Self.isWord(word) else {
            throw .notJSON(offset: place)
        }
        if context.node != FieldTree.plain, !word.elementsEqual("null".utf8),
            let edit = judge.edit(
                ofWord: word, fields.nodes[context.node].action, identity.binding(toField: context.field))
        {
            edits.append(edit.moved(by: place))
        }
        valueEnded()
        return end
    }

    @inline(__always)
    static func isWordByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isWord(_ word: UnsafeRawBufferPointer) -> Bool {
        switch word.count {
        case 4: word.isSame(as: "true") || word.isSame(as: "null")
        case 5: word.isSame(as: "false")
        default: false
        }
    }

    // MARK: what is not whole yet

    /// Decides about a string that is not whole: it is shown again, unless it is too long for that.
    private mutating func hold(
        _ bytes: JSONWindow, from place: Int, isEnd: Bool
    ) throws(MaskingFault) -> Int {
        guard bytes.count - place > JSONMasker.longestHeld else { return place }
        guard expectation == .value || expectation == .valueOrEnd, let resume else { throw .tooLong(offset: place) }
        let (rule, spelling) = judge.overlong(fields.nodes[context.node].action)
        var digest = identity.binding(toField: context.field).digest
        digest.add(bytes[place + 1..<resume.place])
        edits.append(Edit(removing: place + 1..<resume.place))
        overlong = (digest, rule, spelling, resume.hasEscape)
        self.resume = nil
        return resume.place
    }

    /// Returns up to where the string, or all of it, was taken.
    private mutating func continueOverlong(
        _ bytes: JSONWindow
    ) throws(MaskingFault) -> Int {
        guard var string = overlong else { return 0 }
        let end = try stringEnd(bytes, from: 0, &string.hasEscape)
        string.digest.add(bytes[0..<end])
        guard bytes.has("\"", at: end) else {
            overlong = string
            edits.append(Edit(removing: 0..<end))
            return end
        }
        edits.append(Edit(range: 0..<end, masks: string.digest.masks, spelling: string.spelling, rule: string.rule))
        overlong = nil
        valueEnded()
        return end + 1
    }
}
