/// The JSON header of a safetensors file: `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0,
/// 24]}, …}` with an optional `"__metadata__": {"key": "text", …}`.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var type = ""
        var shape: [Int] = []
        /// The half-open range of the tensor's bytes, counted after the header.
        var begin = 0
        var end = 0
    }

    var entries: [Entry] = []
    var metadata: [String: String] = [:]
}

/// Reads exactly that grammar and nothing more. Its depth is therefore fixed, and duplicate keys are found,
/// which general JSON libraries hide.
struct SafetensorsHeaderParser {
    private var scanner: JSONScanner

    init(_ bytes: ByteView) {
        scanner = JSONScanner(bytes)
    }

    mutating func parse() throws(ArrayFileError) -> SafetensorsHeader {
        var header = SafetensorsHeader()
        var names: Set<String> = []
        guard !scanner.isAtEnd, scanner.peek() == UInt8(ascii: "{") else {
            throw scanner.expected("{ at the start")
        }
        try object { parser, name throws(ArrayFileError) in
            guard names.insert(name).inserted else { throw parser.scanner.failure(.duplicateName(name)) }
            guard names.count <= Limits.tensorCount else { throw parser.scanner.failure(.tooManyTensors) }
            if name == "__metadata__" {
                header.metadata = try parser.metadata()
            } else {
                header.entries.append(try parser.entry(name))
            }
        }
        // The format pads the header with blanks to align the data.
        scanner.skipBlanks()
        guard scanner.isAtEnd else { throw scanner.expected("the end of the header") }
        return header
    }

    private mutating func metadata() throws(ArrayFileError) -> [String: String] {
        var result: [String: String] = [:]
        try object { parser, key throws(ArrayFileError) in
            let value = try parser.scanner.string()
            guard result.updateValue(value, forKey: key) == nil else {
                throw parser.scanner.failure(.duplicateName("__metadata__.\(key)"))
            }
        }
        return result
    }

    private mutating func entry(_ name: String) throws(ArrayFileError) -> SafetensorsHeader.Entry {
        var entry = SafetensorsHeader.Entry(name: name)
        var seen: Set<String> = []
        try object { parser, key throws(ArrayFileError) in
            guard seen.insert(key).inserted else {
                throw parser.scanner.failure(.duplicateName("\(name).\(key)"))
            }
            switch key {
            case "dtype":
                entry.type = try parser.scanner.string()
            case "shape":
                entry.shape = try parser.numbers(tensor: name)
            case "data_offsets":
                let offsets = try parser.numbers(tensor: name)
                guard offsets.count == 2 else { throw parser.scanner.expected("two data_offsets") }
                (entry.begin, entry.end) = (offsets[0], offsets[1])
            default:
                throw parser.scanner.expected("dtype, shape or data_offsets in \(name)")
            }
        }
        guard seen.count == 3 else { throw scanner.expected("dtype, shape and data_offsets in \(name)") }
        return entry
    }

    /// Reads `{ "key": value, … }`; `member` reads the value.
    private mutating func object(
        _ member: (inout Self, String) throws(ArrayFileError) -> Void
    ) throws(ArrayFileError) {
        try scanner.require("{")
        if scanner.take("}") { return }
        repeat {
            let key = try scanner.string()
            try scanner.require(":")
            try member(&self, key)
        } while scanner.take(",")
        try scanner.require("}")
    }

    private mutating func numbers(tensor: String) throws(ArrayFileError) -> [Int] {
        try scanner.require("[")
        if scanner.take("]") { return [] }
        var result: [Int] = []
        repeat {
            // A shape of a million ones is refused before it takes memory.
            guard result.count < Limits.rank else { throw scanner.failure(.absurdShape(tensor: tensor)) }
            guard let number = try scanner.wholeNumber() else {
                throw scanner.failure(.absurdShape(tensor: tensor))
            }
            result.append(number)
        } while scanner.take(",")
        try scanner.require("]")
        return result
    }
}
