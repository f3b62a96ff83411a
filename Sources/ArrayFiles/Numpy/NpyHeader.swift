/// The header of an `.npy` file: magic, version, and a Python dictionary literal. Only the form that numpy
/// writes is read. Source: the documentation of `numpy.lib.format`.
struct NpyHeader {
    enum ElementKind: String {
        case float32 = "<f4"
        case float64 = "<f8"
        case uint8 = "|u1"

        var byteCount: Int {
            switch self {
            case .float32: 4
            case .float64: 8
            case .uint8: 1
            }
        }
    }

    let type: ElementKind
    let isFortranOrder: Bool
    let shape: [Int]
    /// The number of bytes before the data.
    let byteCount: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    init(_ file: ByteView) throws(ArrayFileError) {
        func fail(_ problem: NumpyProblem) -> ArrayFileError { ArrayFileError(file.path, .numpy(problem)) }

        guard file.starts(with: Self.magic) else { throw fail(.notNpy) }
        guard file.count >= 10 else { throw fail(.truncated(expected: 10, found: file.count)) }
        let version = Int(file[6])
        let start: Int
        let length: Int?
        switch version {
        case 1: (start, length) = (10, file.integer(UInt16.self, at: 8).map(Int.init))
        case 2, 3: (start, length) = (12, file.integer(UInt32.self, at: 8).map(Int.init))
        default: throw fail(.unsupportedVersion(version))
        }
        guard let length else { throw fail(.truncated(expected: start, found: file.count)) }
        guard length <= Limits.npyHeaderByteCount else { throw fail(.headerTooLarge(byteCount: length)) }
        guard let literal = file.slice(at: start, count: length) else {
            throw fail(.truncated(expected: start + length, found: file.count))
        }
        var parser = NpyLiteralParser(literal)
        let dictionary = try parser.parse()
        guard let type = ElementKind(rawValue: dictionary.type) else {
            throw fail(.unsupportedType(dictionary.type))
        }
        self.type = type
        isFortranOrder = dictionary.isFortranOrder
        shape = dictionary.shape
        byteCount = start + length
    }

    /// Returns the header as numpy 2 writes it: padded to 64 bytes, with room for the first extent to grow.
    static func encode(type: ElementKind, shape: [Int]) -> [UInt8] {
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var literal = "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }"
        if let first = shape.first {
            literal += String(repeating: " ", count: max(0, 21 - String(first).count))
        }
        // Magic, version and length take ten bytes, the newline one.
        literal += String(repeating: " ", count: 64 - (literal.utf8.count + 11) % 64) + "\n"
        precondition(literal.utf8.count <= UInt16.max, "a shape of thousands of dimensions")
        return magic + [1, 0] + UInt16(literal.utf8.count).littleEndianBytes + literal.utf8
    }
}

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` with the three keys in any order,
/// without evaluating anything.
private struct NpyLiteralParser {
    private let bytes: ByteView
    private var offset = 0

    init(_ bytes: ByteView) {
        self.bytes = bytes
    }

    mutating func parse() throws(ArrayFileError) -> (type: String, isFortranOrder: Bool, shape: [Int]) {
        var type: String?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try require("{")
        while !take("}") {
            let key = try text()
            try require(":")
            switch key {
            case "descr" where type == nil: type = try text()
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
            case "shape" where shape == nil: shape = try extents()
            default: throw expected("descr, fortran_order and shape, each once")
            }
            if !take(",") {
                try require("}")
                break
            }
        }
        guard let type, let isFortranOrder, let shape else {
            throw expected("descr, fortran_order and shape")
        }
        skipBlanks()
        guard offset == bytes.count else { throw expected("the end of the header") }
        return (type, isFortranOrder, shape)
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x0A { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func require(_ character: Unicode.Scalar) throws(ArrayFileError) {
        guard take(character) else { throw expected(String(character)) }
    }

    private mutating func text() throws(ArrayFileError) -> String {
        let quote: Unicode.Scalar = take("\"") ? "\"" : "'"
        if quote == "'" { try require("'") }
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: quote) { offset += 1 }
        guard offset < bytes.count, let text = bytes.text(at: start, count: offset - start) else {
            throw expected("the end of a string")
        }
        offset += 1
        return text
    }

    private mutating func boolean() throws(ArrayFileError) -> Bool {
        skipBlanks()
        for (word, value) in [("True", true), ("False", false)]
        where bytes.text(at: offset, count: word.utf8.count) == word {
            offset += word.utf8.count
            return value
        }
        throw expected("True or False")
    }

    private mutating func extents() throws(ArrayFileError) -> [Int] {
        try require("(")
        var shape: [Int] = []
        while !take(")") {
            shape.append(try extent())
            if !take(",") {
                // In Python, (3) is a number and (3,) a tuple.
                guard shape.count > 1, take(")") else { throw expected("a comma or )") }
                break
            }
        }
        return shape
    }

    private mutating func extent() throws(ArrayFileError) -> Int {
        skipBlanks()
        let start = offset
        var value = 0
        while offset < bytes.count, case let digit = Int(bytes[offset]) - 0x30, (0...9).contains(digit) {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, stillTooLarge) = product.addingReportingOverflow(digit)
            guard !tooLarge, !stillTooLarge else { throw ArrayFileError(bytes.path, .numpy(.absurdShape)) }
            value = sum
            offset += 1
        }
        guard offset > start else { throw expected("a whole number") }
        // Python 2 wrote long numbers as 3L.
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "L") { offset += 1 }
        return value
    }

    private func expected(_ what: String) -> ArrayFileError {
        ArrayFileError(bytes.path, .numpy(.damagedHeader(offset: offset, expected: what)))
    }
}
