/// Reads the JSON tokens that a safetensors header consists of: punctuation, strings and whole numbers.
struct JSONScanner {
    private let bytes: ByteView
    private var offset = 0

    init(_ bytes: ByteView) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// Returns the next byte; traps at the end.
    func peek() -> UInt8 { bytes[offset] }

    mutating func skipBlanks() {
        while !isAtEnd {
            switch peek() {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    /// Skips blanks, then consumes the character if it is next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard !isAtEnd, peek() == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func require(_ character: Unicode.Scalar) throws(ArrayFileError) {
        guard take(character) else { throw expected(String(character)) }
    }

    /// Reads a number without sign, fraction and exponent. Returns nil if it is negative or too large for an
    /// `Int`.
    mutating func wholeNumber() throws(ArrayFileError) -> Int? {
        let isNegative = take("-")
        skipBlanks()
        let start = offset
        var value: Int? = 0
        while !isAtEnd, case let digit = Int(peek()) - 0x30, (0...9).contains(digit) {
            if let shorter = value {
                let (product, tooLarge) = shorter.multipliedReportingOverflow(by: 10)
                let (sum, stillTooLarge) = product.addingReportingOverflow(digit)
                value = tooLarge || stillTooLarge ? nil : sum
            }
            offset += 1
        }
        guard offset > start else { throw expected("a whole number") }
        if offset - start > 1, bytes[start] == 0x30 { throw expected("a number without leading zeros") }
        return isNegative ? nil : value
    }

    /// Reads a quoted string and resolves its escapes.
    mutating func string() throws(ArrayFileError) -> String {
        try require("\"")
        var start = offset
        // The array stays empty without escapes, which names rarely have.
        var resolved: [UInt8] = []
        while !isAtEnd {
            switch peek() {
            case UInt8(ascii: "\""):
                let rest = start..<offset
                offset += 1
                return try text(resolved, then: rest)
            case UInt8(ascii: "\\"):
                if offset > start, let part = bytes.slice(at: start, count: offset - start) {
                    resolved += part.array()
                }
                offset += 1
                resolved.append(contentsOf: String(try escape()).utf8)
                start = offset
            case 0..<0x20:
                throw expected("no control characters in a string")
            default:
                offset += 1
            }
        }
        throw expected("the end of a string")
    }

    private func text(_ resolved: [UInt8], then rest: Range<Int>) throws(ArrayFileError) -> String {
        let text: String?
        if resolved.isEmpty {
            text = bytes.text(at: rest.lowerBound, count: rest.count)
        } else {
            text = String(
                validating: resolved + (bytes.slice(at: rest.lowerBound, count: rest.count)?.array() ?? []),
                as: UTF8.self)
        }
        guard let text else { throw expected("UTF-8") }
        return text
    }

    private mutating func escape() throws(ArrayFileError) -> Unicode.Scalar {
        guard !isAtEnd else { throw expected("an escape") }
        defer { offset += 1 }
        switch peek() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw expected("a known escape")
        }
    }

    /// Reads the digits after `\u` and leaves the offset on the last one. Characters beyond U+FFFF consist of
    /// two escapes.
    private mutating func unicodeEscape() throws(ArrayFileError) -> Unicode.Scalar {
        let high = try fourDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        offset += 1
        guard high < 0xDC00, bytes.slice(at: offset, count: 2)?.array() == Array("\\u".utf8) else {
            throw expected("the second half of a surrogate pair")
        }
        offset += 1
        let low = try fourDigits()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw expected("the second half of a surrogate pair") }
        return scalar
    }

    private mutating func fourDigits() throws(ArrayFileError) -> UInt32 {
        guard let digits = bytes.text(at: offset + 1, count: 4), !digits.hasPrefix("+"),
            !digits.hasPrefix("-"),
            let value = UInt32(digits, radix: 16)
        else { throw expected("four hexadecimal digits") }
        offset += 4
        return value
    }

    func expected(_ what: String) -> ArrayFileError {
        failure(.damagedHeader(offset: offset, expected: what))
    }

    func failure(_ problem: SafetensorsProblem) -> ArrayFileError {
        ArrayFileError(bytes.path, .safetensors(problem))
    }
}
