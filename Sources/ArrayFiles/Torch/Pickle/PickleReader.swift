/// Reads the bytes of a pickle, opcodes and their arguments, and never beyond them.
struct PickleReader {
    private let bytes: ByteView
    private(set) var offset = 0
    /// The offset of the current opcode, for messages.
    private(set) var opcodeOffset = 0

    init(_ bytes: ByteView) {
        self.bytes = bytes
    }

    mutating func beginOpcode() { opcodeOffset = offset }

    /// Returns the next opcode; nil for `STOP`.
    mutating func opcode() throws(ArrayFileError) -> PickleOpcode? {
        let byte = try integer(UInt8.self)
        guard offset <= Limits.pickleByteCount else { throw fail(.tooLarge(byteCount: bytes.count)) }
        guard let opcode = PickleOpcode(rawValue: byte) else {
            throw fail(.unknownOpcode(byte, offset: opcodeOffset))
        }
        return opcode == .stop ? nil : opcode
    }

    mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(ArrayFileError) -> Number {
        guard let number = bytes.integer(type, at: offset) else { throw fail(.truncated(offset: offset)) }
        offset += MemoryLayout<Number>.size
        return number
    }

    /// Reads a whole number of any length, in two's complement.
    mutating func long(byteCount: Int) throws(ArrayFileError) -> PickleValue {
        let digits = try take(byteCount)
        guard byteCount > 8 else {
            var value: UInt64 = 0
            for index in 0..<byteCount { value |= UInt64(digits[index]) << (8 * index) }
            // The sign of shorter numbers is extended.
            let unused = 64 - 8 * byteCount
            return .integer(
                byteCount == 0 ? 0 : Int(truncatingIfNeeded: Int64(bitPattern: value << unused) >> unused))
        }
        return .bigInteger(digits.array())
    }

    /// Reads UTF-8 text that follows its length.
    mutating func text<Length: FixedWidthInteger & BitwiseCopyable>(
        _ length: Length.Type
    ) throws(ArrayFileError) -> String {
        let part = try counted(length)
        guard let text = part.text(at: 0, count: part.count) else {
            throw fail(.damagedText(offset: opcodeOffset))
        }
        return text
    }

    /// Reads a Python 2 string, which becomes text if it is UTF-8.
    mutating func legacyText<Length: FixedWidthInteger & BitwiseCopyable>(
        _ length: Length.Type
    ) throws(ArrayFileError) -> PickleValue {
        let part = try counted(length)
        return part.text(at: 0, count: part.count).map { .text($0) } ?? .bytes
    }

    mutating func bytes<Length: FixedWidthInteger & BitwiseCopyable>(
        _ length: Length.Type
    ) throws(ArrayFileError) -> PickleValue {
        _ = try counted(length)
        return .bytes
    }

    /// Reads two lines, the module and the name.
    mutating func global() throws(ArrayFileError) -> PickleGlobal {
        let module = try line()
        return try global(module: module, name: try line())
    }

    func global(module: String, name: String) throws(ArrayFileError) -> PickleGlobal {
        guard !PickleGlobal.isForbidden(module: module, name: name) else {
            throw fail(.forbiddenGlobal("\(module).\(name)", offset: opcodeOffset))
        }
        return PickleGlobal(module: module, name: name)
    }

    func fail(_ problem: PickleProblem) -> ArrayFileError { ArrayFileError(bytes.path, .pickle(problem)) }

    private mutating func line() throws(ArrayFileError) -> String {
        let start = offset
        while true {
            guard offset < bytes.count else { throw fail(.truncated(offset: offset)) }
            offset += 1
            if bytes[offset - 1] == 0x0A { break }
        }
        guard let text = bytes.text(at: start, count: offset - 1 - start) else {
            throw fail(.damagedText(offset: opcodeOffset))
        }
        return text
    }

    private mutating func counted<Length: FixedWidthInteger & BitwiseCopyable>(
        _ length: Length.Type
    ) throws(ArrayFileError) -> ByteView {
        guard let count = Int(exactly: try integer(length)) else { throw fail(.truncated(offset: offset)) }
        return try take(count)
    }

    private mutating func take(_ count: Int) throws(ArrayFileError) -> ByteView {
        guard let part = bytes.slice(at: offset, count: count) else { throw fail(.truncated(offset: offset)) }
        offset += count
        return part
    }
}
