import CLibYAML

/// Reads the first YAML document of a text with libyaml, as kubectl's own reader does: what follows a document's end is
/// not looked at.
///
/// The positions of its events are code points from the beginning of the text (libyaml 0.2.5, measured); a byte order
/// mark must have been taken off before.
enum YAMLEventReader {
    static func read<Sink: EventSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) throws(EditFault) {
        guard let address = bytes.baseAddress else { return }
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw EditFault(.outOfMemory, at: 0) }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&parser, address, bytes.count)
        var event = yaml_event_t()
        while !sink.isDone {
            guard yaml_parser_parse(&parser, &event) == 1 else { throw fault(of: parser, in: bytes) }
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT, YAML_DOCUMENT_END_EVENT, YAML_NO_EVENT: return
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: continue
            default: try sink.take(ManifestEvent(event))
            }
        }
    }

    private static func fault(of parser: yaml_parser_t, in bytes: UnsafeBufferPointer<UInt8>) -> EditFault {
        let problem = words(parser.problem)
        let offset = min(Int(parser.problem_offset), bytes.count)
        switch parser.error {
        case YAML_MEMORY_ERROR: return EditFault(.outOfMemory, at: Int(parser.mark.index))
        case YAML_READER_ERROR where problem.contains("UTF-8"):
            // libyaml may name a byte in the middle of the sequence that is wrong.
            let start = (max(0, offset - 3)..<offset).first { bytes[$0] >= 0xC0 }
            return EditFault(.notUTF8, atByte: start ?? offset)
        case YAML_READER_ERROR: return EditFault(.syntax(problem), atByte: offset)
        default: return EditFault(.syntax(problem), at: Int(parser.problem_mark.index))
        }
    }

    private static func words(_ problem: UnsafePointer<CChar>?) -> String {
        problem.map { String(cString: $0) } ?? "not YAML"
    }
}

extension ManifestEvent {
    fileprivate init(_ event: yaml_event_t) {
        let span = Span(
            start: Int(event.start_mark.index), end: Int(event.end_mark.index), column: Int(event.start_mark.column))
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let style: Style =
                switch scalar.style {
                case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
                case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
                default: .plain
                }
            self.init(
                kind: .scalar, style: style, text: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                anchor: Self.text(scalar.anchor), tag: Self.text(scalar.tag), span: span)
        case YAML_ALIAS_EVENT:
            let name = Self.text(event.data.alias.anchor) ?? UnsafeBufferPointer(start: nil, count: 0)
            self.init(kind: .alias, text: name, span: span)
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            self.init(
                kind: .sequenceStart, isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE,
                anchor: Self.text(sequence.anchor), tag: Self.text(sequence.tag), span: span)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            self.init(
                kind: .mappingStart, isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE,
                anchor: Self.text(mapping.anchor), tag: Self.text(mapping.tag), span: span)
        default:
            self.init(kind: .collectionEnd, span: span)
        }
    }

    private static func text(_ bytes: UnsafePointer<yaml_char_t>?) -> UnsafeBufferPointer<UInt8>? {
        guard let bytes else { return nil }
        var count = 0
        while bytes[count] != 0 { count += 1 }
        return UnsafeBufferPointer(start: bytes, count: count)
    }
}
