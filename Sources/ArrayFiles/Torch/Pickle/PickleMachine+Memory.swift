/// The stack and the memo.
extension PickleMachine {
    /// The lowest height to which values may be popped; those below an open mark belong to the opcode that
    /// pops the mark.
    private var floor: Int { marks.last ?? 0 }

    mutating func pop() throws(ArrayFileError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    func top() throws(ArrayFileError) -> PickleValue {
        guard stack.count > floor, let value = stack.last else {
            throw reader.fail(.stackUnderflow(offset: reader.opcodeOffset))
        }
        return value
    }

    mutating func pop(count: Int) throws(ArrayFileError) -> [PickleValue] {
        guard stack.count - floor >= count else {
            throw reader.fail(.stackUnderflow(offset: reader.opcodeOffset))
        }
        let values = Array(stack.suffix(count))
        stack.removeLast(count)
        return values
    }

    mutating func popToMark() throws(ArrayFileError) -> [PickleValue] {
        guard let mark = marks.popLast() else {
            throw reader.fail(.stackUnderflow(offset: reader.opcodeOffset))
        }
        let values = Array(stack[mark...])
        stack.removeLast(values.count)
        return values
    }

    mutating func keep(at index: Int) throws(ArrayFileError) {
        if memo.updateValue(try top(), forKey: index) == nil { try count(1) }
    }

    mutating func recall(_ index: Int) throws(ArrayFileError) {
        guard let value = memo[index] else {
            throw reader.fail(.missingMemo(index: index, offset: reader.opcodeOffset))
        }
        stack.append(value)
    }

    func expected(_ what: String) -> ArrayFileError {
        reader.fail(.badOperand(offset: reader.opcodeOffset, expected: what))
    }
}

/// The heap of containers.
extension PickleMachine {
    /// Counts values that stay in memory.
    mutating func count(_ more: Int) throws(ArrayFileError) {
        valueCount += more
        guard valueCount <= Limits.pickleValueCount else {
            throw reader.fail(.tooManyValues(offset: reader.opcodeOffset))
        }
    }

    mutating func newSequence(_ values: [PickleValue]) throws(ArrayFileError) -> Int {
        try count(1 + values.count)
        heap.sequences.append(values)
        return heap.sequences.count - 1
    }

    mutating func newDictionary() throws(ArrayFileError) -> Int {
        try count(1)
        heap.dictionaries.append([])
        return heap.dictionaries.count - 1
    }

    /// Appends to the list on top of the stack. Subclasses of list are opaque and unchanged.
    mutating func extend(_ values: [PickleValue]) throws(ArrayFileError) {
        switch try top() {
        case .list(let index):
            try count(values.count)
            heap.sequences[index].append(contentsOf: values)
        case .opaque: break
        default: throw expected("a list")
        }
    }

    /// Sets alternating keys and values in the dictionary on top of the stack.
    mutating func setItems(_ items: [PickleValue]) throws(ArrayFileError) {
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

    mutating func popArguments() throws(ArrayFileError) -> [PickleValue] {
        let tuple = try pop()
        return try elements(tuple)
    }

    func elements(_ value: PickleValue) throws(ArrayFileError) -> [PickleValue] {
        guard case .tuple(let index) = value else { throw expected("a tuple of arguments") }
        return heap.sequences[index]
    }
}
