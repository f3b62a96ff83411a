/// Reads one pickle and executes nothing: it builds lists, dictionaries and descriptions of tensors from an
/// explicit table of opcodes. Globals are names; calling one that is not known gives an opaque value.
///
/// A pickle from an attacker costs at most time and memory in proportion to its size, below the limits in `Limits`.
///
/// Not copyable, since a copy, even one that the compiler makes for the length of a call, would make the next change
/// of the stack copy all of it.
struct PickleMachine: ~Copyable {
    /// What the pickle made.
    var heap = PickleHeap()
    /// The byte after `STOP`.
    private(set) var endOffset = 0

    var reader: PickleReader
    var stack: [PickleValue] = []
    /// Stack heights at the marks that are open.
    var marks: [Int] = []
    var memo: [Int: PickleValue] = [:]
    /// Of containers, their elements and memo entries; compared with the limit.
    var valueCount = 0

    init(_ bytes: ByteView) {
        reader = PickleReader(bytes)
    }

    /// Runs to `STOP` and returns the value on top.
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
            // Python pops an open mark too.
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
            // Arguments by name.
            _ = try pop()
            let arguments = try popArguments()
            stack.append(try call(try pop(), arguments))
        case .build:
            // State of an object, such as a dictionary's _metadata: nothing here needs it.
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
