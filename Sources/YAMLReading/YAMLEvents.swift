import CLibYAML

/// libyaml's event parser over bytes held in memory.
struct YAMLEvents: ~Copyable {
    struct Event {
        let kind: Kind
        let anchor: String?
        let place: YAMLPlace
        /// From where to where it stands in the text, in code points.
        let span: Range<Int>
    }

    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool)
        case sequenceStart, mappingStart
        case collectionEnd
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// libyaml reads from here for as long as the parser lives.
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLFault) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            input.deallocate()
            parser.deallocate()
            throw YAMLFault(.outOfMemory, at: YAMLPlace(line: 1, column: 1))
        }
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    mutating func next() throws(YAMLFault) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { yaml_event_delete(&event) }
        let place = YAMLPlace(event.start_mark)
        let start = Int(event.start_mark.index)
        let span = start..<max(start, Int(event.end_mark.index))
        switch event.type {
        case YAML_STREAM_START_EVENT: return Event(kind: .streamStart, anchor: nil, place: place, span: span)
        case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, anchor: nil, place: place, span: span)
        case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, anchor: nil, place: place, span: span)
        case YAML_ALIAS_EVENT:
            return Event(kind: .alias(Self.text(event.data.alias.anchor) ?? ""), anchor: nil, place: place, span: span)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let kind = Kind.scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            return Event(kind: kind, anchor: Self.text(scalar.anchor), place: place, span: span)
        case YAML_SEQUENCE_START_EVENT:
            return Event(
                kind: .sequenceStart, anchor: Self.text(event.data.sequence_start.anchor), place: place, span: span)
        case YAML_MAPPING_START_EVENT:
            return Event(
                kind: .mappingStart, anchor: Self.text(event.data.mapping_start.anchor), place: place, span: span)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            return Event(kind: .collectionEnd, anchor: nil, place: place, span: span)
        default: return Event(kind: .streamEnd, anchor: nil, place: place, span: span)
        }
    }

    private func fault() -> YAMLFault {
        let words = parser.pointee.problem.map { String(cString: $0) } ?? "not YAML"
        if parser.pointee.error == YAML_MEMORY_ERROR {
            return YAMLFault(.outOfMemory, at: YAMLPlace(parser.pointee.mark))
        }
        return YAMLFault(.syntax(words), at: YAMLPlace(parser.pointee.problem_mark))
    }

    private static func text(_ bytes: UnsafePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }
}

extension YAMLPlace {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
