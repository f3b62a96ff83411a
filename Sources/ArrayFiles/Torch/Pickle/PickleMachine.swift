/// Reads one pickle without executing anything: it builds lists, dictionaries and descriptions of tensors
/// from an explicit table of opcodes. Globals are only names, and a call of an unknown one gives an opaque
/// value.
///
/// A malicious pickle costs time and memory at most in proportion to its size, below the limits in `Limits`.
///
/// The machine is not copyable: if even the compiler copied it for the length of a call, the next change
/// would copy the whole stack.
struct PickleMachine: ~Copyable {
    /// The containers and objects that the pickle created.
    var heap = PickleHeap()
    /// The offset of the byte after `STOP`.
    private(set) var endOffset = 0

    var reader: PickleReader
    var stack: [PickleValue] = []
    /// The heights of the stack at the open marks.
    var marks: [Int] = []
    var memo: [Int: PickleValue] = [:]
    /// The number of containers, their elements and memo entries, which the limit bounds.
    var valueCount = 0

    init(_ bytes: ByteView) {
        reader = PickleReader(bytes)
    }

    /// Runs to `STOP` and returns the value on top of the stack.
    mutating func run() throws(ArrayFileError) -> PickleValue {
        for _ in 0..<Limits.pickleOpcodeCount {
            reader.beginOpcode()
            guard let opcode = try reader.opcode() else {
                endOffset = reader.offset
                return try pop()
            }
            try execute(opcode)
            guard stack.count + marks.count <= Limits.pickleStackCount else {
                throw reader.fail(.stackOverflow(offset: reader.opcodeOffset))
            }
        }
        throw reader.fail(.tooManyOpcodes(offset: reader.offset))
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(ArrayFileError) {
        switch opcode {
        case .proto:
            let version = Int(try reader.integer(UInt8.self))
            guard (2...5).contains(version) else { throw reader.fail(.unsupportedProtocol(version)) }
        case .frame: _ = try reader.integer(UInt64.self)
        case .stop: break

        case .mark: marks.append(stack.count)
        case .pop:
            // Python pops an open mark, too.
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())

        case .binput: try keep(at: Int(try reader.integer(UInt8.self)))
        case .longBinput: try keep(at: Int(try reader.integer(UInt32.self)))
        case .memoize: try keep(at: memo.count)
        case .binget: try recall(Int(try reader.integer(UInt8.self)))
        case .longBinget: try recall(Int(try reader.integer(UInt32.self)))

        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binint: stack.append(.integer(Int(try reader.integer(Int32.self))))
        case .binint1: stack.append(.integer(Int(try reader.integer(UInt8.self))))
        case .binint2: stack.append(.integer(Int(try reader.integer(UInt16.self))))
        case .long1: stack.append(try reader.long(byteCount: Int(try reader.integer(UInt8.self))))
        case .long4: stack.append(try reader.long(byteCount: Int(try reader.integer(Int32.self))))
        case .binfloat: stack.append(.float(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))

        case .binunicode: stack.append(.text(try reader.text(UInt32.self)))
        case .shortBinunicode: stack.append(.text(try reader.text(UInt8.self)))
        case .binunicode8: stack.append(.text(try reader.text(UInt64.self)))
        case .binstring: stack.append(try reader.legacyText(UInt32.self))
        case .shortBinstring: stack.append(try reader.legacyText(UInt8.self))
        case .binbytes: stack.append(try reader.bytes(UInt32.self))
        case .shortBinbytes: stack.append(try reader.bytes(UInt8.self))
        case .binbytes8, .bytearray8: stack.append(try reader.bytes(UInt64.self))

        case .global: stack.append(.global(try reader.global()))
        case .stackGlobal:
            guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
                throw expected("two names")
            }
            stack.append(.global(try reader.global(module: module, name: name)))
        case .reduce, .newobj:
            let arguments = try popArguments()
            stack.append(try call(try pop(), arguments))
        case .newobjEx:
            // The arguments by name are ignored.
            _ = try pop()
            let arguments = try popArguments()
            stack.append(try call(try pop(), arguments))
        case .build:
            // The state of an object, such as a dictionary's _metadata, is not needed.
            _ = try pop()
            _ = try top()
        case .binpersid: stack.append(try storage(try pop()))

        default: try executeContainer(opcode)
        }
    }

    private mutating func executeContainer(_ opcode: PickleOpcode) throws(ArrayFileError) {
        switch opcode {
        case .emptyTuple: stack.append(.tuple(try newSequence([])))
        case .tuple1: stack.append(.tuple(try newSequence(try pop(count: 1))))
        case .tuple2: stack.append(.tuple(try newSequence(try pop(count: 2))))
        case .tuple3: stack.append(.tuple(try newSequence(try pop(count: 3))))
        case .tuple, .frozenSet: stack.append(.tuple(try newSequence(try popToMark())))
        case .emptyList, .emptySet: stack.append(.list(try newSequence([])))
        case .list: stack.append(.list(try newSequence(try popToMark())))
        case .append: try extend(try pop(count: 1))
        case .appends, .addItems: try extend(try popToMark())
        case .emptyDict: stack.append(.dictionary(try newDictionary()))
        case .dict:
            let items = try popToMark()
            stack.append(.dictionary(try newDictionary()))
            try setItems(items)
        case .setitem: try setItems(try pop(count: 2))
        case .setitems: try setItems(try popToMark())
        default: preconditionFailure("\(opcode) is not a container's opcode")
        }
    }
}
