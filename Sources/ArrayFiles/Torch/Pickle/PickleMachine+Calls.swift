/// Performs the calls with a meaning, which make dictionaries, sizes, storages and tensors.
extension PickleMachine {
    /// Returns the result of a call; `callee` is compared, never executed.
    mutating func call(
        _ callee: PickleValue, _ arguments: [PickleValue]
    ) throws(ArrayFileError) -> PickleValue {
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
            // The arguments are (function, type, its arguments, state).
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

    /// Makes an ordered dictionary. Python 3 fills it afterwards; Python 2 passes a list of pairs; a
    /// defaultdict has its factory.
    private mutating func orderedDictionary(
        _ arguments: [PickleValue]
    ) throws(ArrayFileError) -> PickleValue {
        let index = try newDictionary()
        if case .list(let pairs) = arguments.first {
            for pair in heap.sequences[pairs] {
                guard case .list(let parts) = pair, heap.sequences[parts].count == 2 else {
                    throw expected("pairs of key and value")
                }
                try count(2)
                heap.dictionaries[index].append((heap.sequences[parts][0], heap.sequences[parts][1]))
            }
        }
        return .dictionary(index)
    }

    /// Makes the tensor of `_rebuild_tensor(storage, offset, size, stride)`. Version 2 has more arguments,
    /// which are ignored.
    private mutating func tensor(_ arguments: [PickleValue]) throws(ArrayFileError) -> PickleValue {
        // A tensor of an unknown storage class is an error only if it is among the weights.
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

    /// Reads a persistent id: `("storage", class, key, device, count)`, in legacy files followed by a view
    /// `(key, offset, count)` or None.
    mutating func storage(_ id: PickleValue) throws(ArrayFileError) -> PickleValue {
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
