/// Reads one pickle and executes nothing: it builds lists, dictionaries and descriptions of tensors from an
/// explicit table of opcodes. Globals are names; calling one that is not known gives an opaque value.
///
/// A pickle from an attacker costs at most time and memory in proportion to its size, below the limits in `Limits`.
///
/// Not copyable, since a copy, even one that the compiler makes for the length of a call, would make the next change
/// of the stack copy all of it.
struct PickleMachine: ~Copyable {
    /// What the pickle made.
    private(set) var heap = PickleHeap()
    /// The byte after `STOP`.
    private(set) var endOffset = 0

    private var reader: PickleReader
    private var stack: [PickleValue] = []
    /// Stack heights at the marks that are open.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var valueCount = 0

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

// MARK: - Stack and memo

extension PickleMachine {
    /// Values below an open mark belong to whoever takes the mark.
    private var floor: Int { marks.last ?? 0 }

    private mutating func pop() throws(ArrayFileError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private func top() throws(ArrayFileError) -> PickleValue {
        guard stack.count > floor, let value = stack.last else {
            throw reader.fail(.stackUnderflow(offset: reader.opcodeOffset))
        }
        return value
    }

    private mutating func pop(count: Int) throws(ArrayFileError) -> [PickleValue] {
        guard stack.count - floor >= count else {
            throw reader.fail(.stackUnderflow(offset: reader.opcodeOffset))
        }
        let values = Array(stack.suffix(count))
        stack.removeLast(count)
        return values
    }

    private mutating func popToMark() throws(ArrayFileError) -> [PickleValue] {
        guard let mark = marks.popLast() else {
            throw reader.fail(.stackUnderflow(offset: reader.opcodeOffset))
        }
        let values = Array(stack[mark...])
        stack.removeLast(values.count)
        return values
    }

    private mutating func keep(at index: Int) throws(ArrayFileError) {
        if memo.updateValue(try top(), forKey: index) == nil { try count(1) }
    }

    private mutating func recall(_ index: Int) throws(ArrayFileError) {
        guard let value = memo[index] else {
            throw reader.fail(.missingMemo(index: index, offset: reader.opcodeOffset))
        }
        stack.append(value)
    }

    private func expected(_ what: String) -> ArrayFileError {
        reader.fail(.badOperand(offset: reader.opcodeOffset, expected: what))
    }
}

// MARK: - Containers

extension PickleMachine {
    /// Accounts for values that stay in memory.
    private mutating func count(_ more: Int) throws(ArrayFileError) {
        valueCount += more
        guard valueCount <= Limits.pickleValueCount else {
            throw reader.fail(.tooManyValues(offset: reader.opcodeOffset))
        }
    }

    private mutating func newSequence(_ values: [PickleValue]) throws(ArrayFileError) -> Int {
        try count(1 + values.count)
        heap.sequences.append(values)
        return heap.sequences.count - 1
    }

    private mutating func newDictionary() throws(ArrayFileError) -> Int {
        try count(1)
        heap.dictionaries.append([])
        return heap.dictionaries.count - 1
    }

    /// Appends to the list on top. Subclasses of list are opaque, and stay so.
    private mutating func extend(_ values: [PickleValue]) throws(ArrayFileError) {
        switch try top() {
        case .list(let index):
            try count(values.count)
            heap.sequences[index].append(contentsOf: values)
        case .opaque: break
        default: throw expected("a list")
        }
    }

    /// Sets keys and values, alternating, of the dictionary on top.
    private mutating func setItems(_ items: [PickleValue]) throws(ArrayFileError) {
        guard items.count.isMultiple(of: 2) else { throw expected("keys with values") }
        switch try top() {
        case .dictionary(let index):
            try count(items.count)
            for key in stride(from: 0, to: items.count, by: 2) {
                heap.dictionaries[index].append((items[key], items[key + 1]))
            }
        case .opaque: break
        default: throw expected("a dictionary")
        }
    }

    private mutating func popArguments() throws(ArrayFileError) -> [PickleValue] {
        let tuple = try pop()
        return try elements(tuple)
    }

    private func elements(_ value: PickleValue) throws(ArrayFileError) -> [PickleValue] {
        guard case .tuple(let index) = value else { throw expected("a tuple of arguments") }
        return heap.sequences[index]
    }
}

// MARK: - The calls that mean something

extension PickleMachine {
    private mutating func call(_ callee: PickleValue, _ arguments: [PickleValue]) throws(ArrayFileError)
        -> PickleValue
    {
        switch callee {
        case .global(.orderedDict): return try orderedDictionary(arguments)
        case .global(.size):
            guard let first = arguments.first, arguments.count == 1, case .tuple = first else {
                throw expected("the extents of a size")
            }
            return first
        case .global(.rebuildTensor): return try tensor(arguments)
        case .global(.rebuildParameter):
            guard let first = arguments.first else { throw expected("a parameter's tensor") }
            return first
        case .global(.rebuildFromType):
            // (function, type, its arguments, state)
            guard arguments.count >= 3, case .global(.rebuildTensor) = arguments[0] else {
                return .opaque(.rebuildFromType)
            }
            return try tensor(try elements(arguments[2]))
        case .global(let other), .opaque(let other):
            return .opaque(other)
        default:
            throw expected("something to call")
        }
    }

    /// Python 3 fills the dictionary afterwards; Python 2 passes a list of pairs; a defaultdict has its factory.
    private mutating func orderedDictionary(_ arguments: [PickleValue]) throws(ArrayFileError) -> PickleValue
    {
        let index = try newDictionary()
        if case .list(let pairs) = arguments.first {
            for pair in heap.sequences[pairs] {
                guard case .list(let index2) = pair, heap.sequences[index2].count == 2 else {
                    throw expected("pairs of key and value")
                }
                try count(2)
                heap.dictionaries[index].append((heap.sequences[index2][0], heap.sequences[index2][1]))
            }
        }
        return .dictionary(index)
    }

    /// `_rebuild_tensor(storage, offset, size, stride)`; version 2 has more arguments, which do not matter here.
    private mutating func tensor(_ arguments: [PickleValue]) throws(ArrayFileError) -> PickleValue {
        // Of a storage whose class is not known: an error only if it turns out to be among the weights.
        if case .opaque(let global) = arguments.first { return .opaque(global) }
        guard arguments.count >= 4, case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1]
        else { throw expected("storage, offset, size and strides of a tensor") }
        let shape = try integers(arguments[2])
        let strides = try integers(arguments[3])
        try count(1 + shape.count + strides.count)
        heap.tensors.append(
            TorchTensorReference(storage: storage, offset: offset, shape: shape, strides: strides))
        return .tensor(heap.tensors.count - 1)
    }

    private func integers(_ value: PickleValue) throws(ArrayFileError) -> [Int] {
        var result: [Int] = []
        for element in try elements(value) {
            guard case .integer(let number) = element else { throw expected("whole numbers") }
            result.append(number)
        }
        return result
    }

    /// A persistent id: `("storage", class, key, device, count)`, in legacy files with a view `(key, offset, count)` or
    /// None after it.
    private mutating func storage(_ id: PickleValue) throws(ArrayFileError) -> PickleValue {
        let parts = try elements(id)
        guard parts.count >= 5, parts[0] == .text("storage"), case .text(let key) = parts[2],
            case .integer(let count) = parts[4]
        else { throw expected("the description of a storage") }
        guard case .global(.storage(let type)) = parts[1] else {
            if case .global(let other) = parts[1] { return .opaque(other) }
            throw expected("the class of a storage")
        }
        var reference = TorchStorageReference(
            type: type, key: key, count: count, viewOffset: 0, rootCount: count)
        if parts.count > 5, parts[5] != .none {
            let view = try elements(parts[5])
            guard view.count == 3, case .integer(let offset) = view[1], case .integer(let viewCount) = view[2]
            else {
                throw expected("the view of a storage")
            }
            reference = TorchStorageReference(
                type: type, key: key, count: viewCount, viewOffset: offset, rootCount: count)
        }
        try self.count(1)
        heap.storages.append(reference)
        return .storage(heap.storages.count - 1)
    }
}
