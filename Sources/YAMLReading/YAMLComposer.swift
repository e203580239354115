extension YAMLNode {
    /// How deep collections may nest; libyaml has no limit of its own.
    public static let maximumDepth = 100
    /// How many nodes a document may hold once its aliases are expanded.
    public static let maximumNodes = 200_000

    /// Reads the one document of a text.
    ///
    /// - Returns: nil for a text without a document: nothing, or comments only.
    public static func read(_ bytes: [UInt8]) throws(YAMLFault) -> YAMLNode? {
        var events = try YAMLEvents(bytes)
        _ = try events.next()
        guard case .documentStart = try events.next().kind else { return nil }
        var composer = YAMLComposer(events: events)
        let root = try composer.node()
        _ = try composer.events.next()
        let last = try composer.events.next()
        guard case .streamEnd = last.kind else { throw YAMLFault(.severalDocuments, at: last.place) }
        return root
    }
}

/// Builds the tree out of the events, in the order in which they come.
private struct YAMLComposer: ~Copyable {
    var events: YAMLEvents
    private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
    private var size = 0
    private var depth = 0

    init(events: consuming YAMLEvents) { self.events = events }

    mutating func node() throws(YAMLFault) -> YAMLNode {
        try node(from: try events.next())
    }

    private mutating func node(from event: YAMLEvents.Event) throws(YAMLFault) -> YAMLNode {
        let sizeBefore = size
        try grow(by: 1, at: event.place)
        let node: YAMLNode
        switch event.kind {
        case .scalar(let text, let isPlain):
            node = YAMLNode(content: .scalar(text, isPlain: isPlain), place: event.place, span: event.span)
        case .sequenceStart: node = try sequence(event)
        case .mappingStart: node = try mapping(event)
        case .alias(let name):
            guard let target = anchors[name] else { throw YAMLFault(.unknownAlias(name), at: event.place) }
            try grow(by: target.size, at: event.place)
            return target.node
        default: throw YAMLFault(.syntax("a value is expected"), at: event.place)
        }
        if let anchor = event.anchor { anchors[anchor] = (node, size - sizeBefore) }
        return node
    }

    private mutating func grow(by nodes: Int, at place: YAMLPlace) throws(YAMLFault) {
        size += nodes
        guard size <= YAMLNode.maximumNodes else { throw YAMLFault(.tooLarge(limit: YAMLNode.maximumNodes), at: place) }
    }

    private mutating func enter(at place: YAMLPlace) throws(YAMLFault) {
        depth += 1
        guard depth <= YAMLNode.maximumDepth else { throw YAMLFault(.tooDeep(limit: YAMLNode.maximumDepth), at: place) }
    }

    private mutating func sequence(_ start: YAMLEvents.Event) throws(YAMLFault) -> YAMLNode {
        try enter(at: start.place)
        defer { depth -= 1 }
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .collectionEnd = event.kind {
                return YAMLNode(content: .sequence(elements), place: start.place, span: start.span)
            }
            elements.append(try node(from: event))
        }
    }

    private mutating func mapping(_ start: YAMLEvents.Event) throws(YAMLFault) -> YAMLNode {
        try enter(at: start.place)
        defer { depth -= 1 }
        var entries: [YAMLNode.Entry] = []
        var keys: Set<String> = []
        while true {
            let event = try events.next()
            if case .collectionEnd = event.kind {
                return YAMLNode(content: .mapping(entries), place: start.place, span: start.span)
            }
            guard case .scalar(let key, _) = event.kind else { throw YAMLFault(.keyIsNotText, at: event.place) }
            guard keys.insert(key).inserted else { throw YAMLFault(.duplicateKey(key), at: event.place) }
            entries.append(YAMLNode.Entry(key: key, keyPlace: event.place, value: try node()))
        }
    }
}
