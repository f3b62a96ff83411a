/// A value on the pickle machine's stack. Containers and objects are indices of entries in the heap, not
/// references, because a pickle can create cycles and nest a million levels deep, and neither may leak or
/// recurse.
enum PickleValue: Equatable, Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    /// A number of more than 64 bits in two's complement, least significant byte first.
    case bigInteger([UInt8])
    case float(Double)
    case text(String)
    /// The contents are not needed.
    case bytes
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    /// The would-be result of calling an unknown global; nothing was called.
    case opaque(PickleGlobal)
    case storage(Int)
    case tensor(Int)
}

/// The containers and objects that a pickle has created.
struct PickleHeap {
    /// The elements of tuples, lists and sets.
    var sequences: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [TorchStorageReference] = []
    var tensors: [TorchTensorReference] = []
}

/// A storage as the pickle names it; the container determines where its bytes are.
struct TorchStorageReference: Equatable {
    let type: TorchStorageType
    let key: String
    /// The number of elements of this storage.
    let count: Int
    /// The offset in elements from the start of the bytes under `key`. It is not zero only in old files.
    let viewOffset: Int
    /// The number of elements of all bytes under `key`, as the legacy format counts them.
    let rootCount: Int
}

/// A view of a storage as the pickle declares it, not checked.
struct TorchTensorReference: Equatable {
    let storage: Int
    /// The offset in elements.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}
