/// Reads a safetensors file: eight bytes with the header's length, the header, and the tensors' bytes without
/// holes. Source: the format's description at github.com/huggingface/safetensors.
struct SafetensorsReader {
    let tensors: [StoredTensor]
    /// The names of whole-number and boolean tensors, which a network's weights never are.
    let ignored: [String]
    let metadata: [String: String]

    init(_ file: ByteView) throws(ArrayFileError) {
        func fail(_ problem: SafetensorsProblem) -> ArrayFileError {
            ArrayFileError(file.path, .safetensors(problem))
        }

        guard let declared = file.integer(UInt64.self, at: 0) else {
            throw fail(.truncated(byteCount: file.count))
        }
        guard declared <= UInt64(Limits.safetensorsHeaderByteCount) else {
            throw fail(.headerTooLarge(byteCount: declared))
        }
        let headerByteCount = Int(declared)
        guard let headerBytes = file.slice(at: 8, count: headerByteCount),
            let data = file.slice(at: 8 + headerByteCount, count: file.count - 8 - headerByteCount)
        else { throw fail(.headerBeyondFile(byteCount: headerByteCount, available: file.count - 8)) }

        var parser = SafetensorsHeaderParser(headerBytes)
        let header = try parser.parse()
        if let problem = Self.layoutProblem(header.entries, dataByteCount: data.count) { throw fail(problem) }

        var tensors: [StoredTensor] = []
        var ignored: [String] = []
        for entry in header.entries {
            guard let kind = Kind(entry.type) else {
                throw fail(.unknownElementType(tensor: entry.name, type: entry.type))
            }
            guard let count = CheckedShape.elementCount(entry.shape) else {
                throw fail(.absurdShape(tensor: entry.name))
            }
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: kind.byteCount)
            guard !overflow else { throw fail(.absurdShape(tensor: entry.name)) }
            guard byteCount == entry.end - entry.begin,
                let bytes = data.slice(at: entry.begin, count: byteCount)
            else {
                throw fail(
                    .sizeMismatch(tensor: entry.name, expected: byteCount, found: entry.end - entry.begin))
            }
            guard case .float(let type) = kind else {
                ignored.append(entry.name)
                continue
            }
            tensors.append(
                StoredTensor(
                    name: entry.name, shape: entry.shape, elementType: type, elementCount: count,
                    bytes: bytes,
                    strides: nil))
        }
        self.tensors = tensors
        self.ignored = ignored
        metadata = header.metadata
    }

    /// Checks that the tensors, in the order of their offsets, cover the data exactly, without hole, overlap
    /// or rest.
    private static func layoutProblem(
        _ entries: [SafetensorsHeader.Entry], dataByteCount: Int
    ) -> SafetensorsProblem? {
        for entry in entries {
            if entry.end < entry.begin { return .offsetsReversed(tensor: entry.name) }
            if entry.end > dataByteCount {
                return .outOfRange(tensor: entry.name, end: entry.end, available: dataByteCount)
            }
        }
        var previous: SafetensorsHeader.Entry?
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            let end = previous?.end ?? 0
            if entry.begin > end { return .hole(offset: end, byteCount: entry.begin - end) }
            if entry.begin < end { return .overlap(tensor: entry.name, other: previous?.name ?? "") }
            previous = entry
        }
        let end = previous?.end ?? 0
        return end < dataByteCount ? .hole(offset: end, byteCount: dataByteCount - end) : nil
    }

    private enum Kind {
        case float(ElementType)
        /// Counters, masks, and formats in which no network is stored here. They are skipped, though their
        /// place is checked.
        case other(byteCount: Int)

        init?(_ name: String) {
            switch name {
            case "F16": self = .float(.float16)
            case "BF16": self = .float(.bfloat16)
            case "F32": self = .float(.float32)
            case "F64": self = .float(.float64)
            case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0": self = .other(byteCount: 1)
            case "I16", "U16": self = .other(byteCount: 2)
            case "I32", "U32": self = .other(byteCount: 4)
            case "I64", "U64", "C64": self = .other(byteCount: 8)
            default: return nil
            }
        }

        var byteCount: Int {
            switch self {
            case .float(let type): type.byteCount
            case .other(let byteCount): byteCount
            }
        }
    }
}
