/// A value on the pickle machine's stack. Containers and objects are numbers of entries in the heap, not
/// references: a pickle can make cycles and nest a million deep, and neither may leak or recurse.
enum PickleValue: Equatable, Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    /// Two's complement, least significant byte first; beyond 64 bits.
    case bigInteger([UInt8])
    case float(Double)
    case text(String)
    /// Contents are of no use here.
    case bytes
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    /// What a call of a global that is not known would have made; nothing was called.
    case opaque(PickleGlobal)
    case storage(Int)
    case tensor(Int)
}

/// The containers and objects that a pickle has made.
struct PickleHeap {
    /// Of tuples, lists and sets.
    var sequences: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [TorchStorageReference] = []
    var tensors: [TorchTensorReference] = []
}

/// A storage as the pickle names it; where its bytes are depends on the container.
struct TorchStorageReference: Equatable {
    let type: TorchStorageType
    let key: String
    /// In elements, of this storage.
    let count: Int
    /// In elements, from the start of the bytes under `key`; not zero only in old files.
    let viewOffset: Int
    /// Elements of all the bytes under `key`, as the legacy format counts them.
    let rootCount: Int
}

/// A view of a storage, as the pickle declares it: not checked.
struct TorchTensorReference: Equatable {
    let storage: Int
    /// In elements.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}
