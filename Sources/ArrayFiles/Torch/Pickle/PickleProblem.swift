/// Why a pickle was refused.
package enum PickleProblem: Equatable, Sendable, CustomStringConvertible {
    case truncated(offset: Int)
    case tooLarge(byteCount: Int)
    case unsupportedProtocol(Int)
    /// The opcode is not among those that PyTorch writes.
    case unknownOpcode(UInt8, offset: Int)
    /// An opcode found an unsuitable value on the stack.
    case badOperand(offset: Int, expected: String)
    case stackUnderflow(offset: Int)
    case stackOverflow(offset: Int)
    case missingMemo(index: Int, offset: Int)
    case tooManyValues(offset: Int)
    case tooManyOpcodes(offset: Int)
    case damagedText(offset: Int)
    /// The pickle names something that starts programs or runs code. Nothing runs here, but no honest
    /// checkpoint contains it.
    case forbiddenGlobal(String, offset: Int)

    package var description: String {
        switch self {
        case .truncated(let offset): "it ends in the middle, at byte \(offset); copy the file again"
        case .tooLarge(let byteCount): "it has \(byteCount) bytes, the limit is \(Limits.pickleByteCount)"
        case .unsupportedProtocol(let number): "protocol \(number), known are 2 to 5"
        case .unknownOpcode(let opcode, let offset):
            "byte \(offset): opcode 0x\(String(opcode, radix: 16)) is none that PyTorch writes"
        case .badOperand(let offset, let expected): "byte \(offset): expected \(expected)"
        case .stackUnderflow(let offset): "byte \(offset): takes from an empty stack"
        case .stackOverflow(let offset):
            "byte \(offset): more than \(Limits.pickleStackCount) values on the stack"
        case .missingMemo(let index, let offset):
            "byte \(offset): recalls value \(index), which was never kept"
        case .tooManyValues(let offset): "byte \(offset): more than \(Limits.pickleValueCount) values"
        case .tooManyOpcodes(let offset): "byte \(offset): more than \(Limits.pickleOpcodeCount) opcodes"
        case .damagedText(let offset): "byte \(offset): expected UTF-8"
        case .forbiddenGlobal(let name, let offset):
            "byte \(offset): names \(name), which runs programs or code and which no checkpoint needs; nothing was run, "
                + "but do not trust this file"
        }
    }
}
