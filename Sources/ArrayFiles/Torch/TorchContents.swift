/// The contents of a PyTorch container: the pickle's value, and the bytes of each storage.
struct TorchContents {
    let root: PickleValue
    let heap: PickleHeap
    /// The bytes by the storage's key.
    let storages: [String: ByteView]
    let file: ByteView

    func fail(_ problem: TorchProblem) -> ArrayFileError { ArrayFileError(file.path, .torch(problem)) }

    /// Returns a tensor with all its bounds checked; nil if its elements are not floating-point numbers.
    func tensor(_ index: Int, name: String) throws(ArrayFileError) -> StoredTensor? {
        let reference = heap.tensors[index]
        let storage = heap.storages[reference.storage]
        guard case .float(let type) = storage.type else { return nil }
        let bytes = try self.bytes(of: storage, elementByteCount: type.byteCount)

        let shape = reference.shape
        guard shape.count == reference.strides.count, let count = CheckedShape.elementCount(shape) else {
            throw fail(.absurdShape(tensor: name))
        }
        guard let span = Self.span(reference, elementCount: count) else {
            throw fail(.outOfRange(tensor: name))
        }
        // Both are at most the storage's count, whose bytes exist, so the products cannot overflow.
        guard reference.offset <= storage.count, span <= storage.count - reference.offset,
            let part = bytes.slice(at: reference.offset * type.byteCount, count: span * type.byteCount)
        else { throw fail(.outOfRange(tensor: name)) }
        let isContiguous = count == 0 || StridedGather.isContiguous(shape: shape, strides: reference.strides)
        return StoredTensor(
            name: name, shape: shape, elementType: type, elementCount: count, bytes: part,
            strides: isContiguous ? nil : reference.strides)
    }

    /// Returns the number of elements from the first to the farthest one; nil if it overflows, or an offset
    /// or a stride is negative.
    private static func span(_ reference: TorchTensorReference, elementCount: Int) -> Int? {
        guard reference.offset >= 0, reference.strides.allSatisfy({ $0 >= 0 }) else { return nil }
        guard elementCount > 0 else { return 0 }
        var farthest = 0
        for (extent, stride) in zip(reference.shape, reference.strides) {
            let (reach, tooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
            let (sum, stillTooFar) = farthest.addingReportingOverflow(reach)
            if tooFar || stillTooFar { return nil }
            farthest = sum
        }
        let (span, overflow) = farthest.addingReportingOverflow(1)
        return overflow ? nil : span
    }

    private func bytes(
        of storage: TorchStorageReference, elementByteCount: Int
    ) throws(ArrayFileError) -> ByteView {
        guard let all = storages[storage.key] else { throw fail(.missingStorage(key: storage.key)) }
        let (start, startOverflow) = storage.viewOffset.multipliedReportingOverflow(by: elementByteCount)
        let (length, lengthOverflow) = storage.count.multipliedReportingOverflow(by: elementByteCount)
        guard !startOverflow, !lengthOverflow, let bytes = all.slice(at: start, count: length) else {
            throw fail(
                .storageTooShort(
                    key: storage.key, expected: lengthOverflow ? Int.max : length, found: all.count))
        }
        return bytes
    }
}
