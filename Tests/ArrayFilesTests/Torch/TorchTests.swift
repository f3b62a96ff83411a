import ArrayFiles
import Testing

@Suite("PyTorch's tensors")
struct TorchTensorTests {
    private static func checkpoint(
        type: String = "FloatStorage", count: Int = 6, offset: Int = 0, shape: [Int], strides: [Int],
        data: [UInt8] = TorchBuilder.sixFloats
    ) throws -> Checkpoint {
        try Checkpoint(
            bytes: zip(type: type, count: count, offset: offset, shape: shape, strides: strides, data: data),
            path: "p")
    }

    private static func zip(
        type: String = "FloatStorage", count: Int = 6, offset: Int = 0, shape: [Int], strides: [Int],
        data: [UInt8] = TorchBuilder.sixFloats
    ) -> [UInt8] {
        let pickle = PickleBuilder.dictionary([
            ("a", { $0.tensor(type, count: count, offset: offset, shape: shape, strides: strides) })
        ])
        return TorchBuilder.zip(pickle, storages: ["0": data])
    }

    @Test func viewsAreGathered() throws {
        func floats(offset: Int = 0, _ shape: [Int], _ strides: [Int]) throws -> [Float] {
            try Self.checkpoint(offset: offset, shape: shape, strides: strides).floats(named: "a")
        }
        #expect(try floats([2, 3], [3, 1]) == [0, 1, 2, 3, 4, 5])
        #expect(try floats([3, 2], [1, 3]) == [0, 3, 1, 4, 2, 5])
        #expect(try floats([3], [2]) == [0, 2, 4])
        #expect(try floats(offset: 1, [2, 2], [3, 1]) == [1, 2, 4, 5])
        #expect(try floats(offset: 5, [], []) == [5])
        #expect(try floats(offset: 6, [0, 7], [7, 1]) == [])
        #expect(try floats(offset: 2, [2, 3], [0, 1]) == [2, 3, 4, 2, 3, 4])
        #expect(try floats([1, 2, 1, 3, 1], [77, 3, 99, 1, 1_000]) == [0, 1, 2, 3, 4, 5])
        #expect(try floats([2, 1, 3], [1, 77, 2]) == [0, 2, 4, 1, 3, 5])
    }

    @Test(arguments: [
        ("HalfStorage", ElementType.float16), ("BFloat16Storage", .bfloat16), ("DoubleStorage", .float64),
    ])
    func viewsOfOtherTypesAreGathered(_ storage: String, _ type: ElementType) throws {
        let data: [UInt8] = (0..<6).flatMap { index in
            switch type {
            case .float16: little(Float16(index).bitPattern)
            case .bfloat16: little(UInt16(Float(index).bitPattern >> 16))
            default: little(Double(index).bitPattern)
            }
        }
        let checkpoint = try Self.checkpoint(type: storage, shape: [3, 2], strides: [1, 3], data: data)
        #expect(checkpoint.tensors.first?.elementType == type)
        #expect(try checkpoint.floats(named: "a") == [0, 3, 1, 4, 2, 5])
    }

    @Test(arguments: [
        (6, 1, [2, 3], [3, 1]), (6, 0, [2, 4], [3, 1]), (6, 7, [0], [1]), (6, -1, [1], [1]),
        (6, 0, [2], [-1]),
        (6, 0, [2, 2], [Int.max, Int.max]), (6, Int.max, [2], [1]), (6, 0, [3], [Int.max / 2 + 1]),
    ])
    func viewsBeyondTheirStorageAreRefused(_ count: Int, _ offset: Int, _ shape: [Int], _ strides: [Int]) {
        expectCheckpointProblem(
            .torch(.outOfRange(tensor: "a")),
            Self.zip(count: count, offset: offset, shape: shape, strides: strides))
    }

    @Test(arguments: [
        ([2, 3], [3]), ([-1], [1]), ([Int.max, 2], [1, 1]), ([1 << 40, 1 << 40], [0, 0]),
        ([Int](repeating: 1, count: 65), [Int](repeating: 1, count: 65)),
    ])
    func absurdShapesAreRefused(_ shape: [Int], _ strides: [Int]) {
        expectCheckpointProblem(.torch(.absurdShape(tensor: "a")), Self.zip(shape: shape, strides: strides))
    }

    @Test func expandedViewsMayNotFillTheMemory() {
        expectCheckpointProblem(
            .torch(.tooManyElements(tensor: "a")), Self.zip(shape: [1 << 40], strides: [0]))
        let many = (0..<100).map { index -> (String, (inout PickleBuilder) -> Void) in
            ("t\(index)", { $0.tensor(count: 6, shape: [4000], strides: [0]) })
        }
        // Each is small enough, all together are not.
        expectCheckpointProblem(
            .torch(.tooManyElements(tensor: "t7")), TorchBuilder.zip(PickleBuilder.dictionary(many)))
    }

    @Test func storagesMustBeThereAndWhole() {
        expectCheckpointProblem(
            .torch(.storageTooShort(key: "0", expected: 28, found: 24)),
            Self.zip(count: 7, shape: [1], strides: [1]))
        expectCheckpointProblem(
            .torch(.storageTooShort(key: "0", expected: Int.max, found: 24)),
            Self.zip(count: Int.max, shape: [1], strides: [1]))
        expectCheckpointProblem(
            .torch(.missingStorage(key: "0")),
            TorchBuilder.zip(
                PickleBuilder.dictionary([("a", { $0.tensor(count: 6, shape: [6], strides: [1]) })]),
                storages: [:]))
    }

    @Test func sharedStoragesAreRead() throws {
        let pickle = PickleBuilder.dictionary([
            ("a", { $0.tensor(count: 6, shape: [6], strides: [1]) }),
            ("b", { $0.tensor(count: 6, offset: 4, shape: [2], strides: [1]) }),
        ])
        let checkpoint = try Checkpoint(
            bytes: TorchBuilder.zip(pickle, storages: ["0": TorchBuilder.sixFloats]), path: "p")
        #expect(try checkpoint.floats(named: "b") == [4, 5])
    }

    @Test func parametersAndSubclassesAreTensors() throws {
        let pickle = PickleBuilder.dictionary([
            (
                "a",
                {
                    $0.global("torch._utils", "_rebuild_parameter")
                    $0 += "("
                    $0.tensor(count: 6, shape: [6], strides: [1])
                    $0.bytes.append(0x88)
                    $0.global("collections", "OrderedDict")
                    $0 += ")RtR"
                }
            ),
            (
                "b",
                {
                    $0.global("torch._tensor", "_rebuild_from_type_v2")
                    $0 += "("
                    $0.global("torch._utils", "_rebuild_tensor_v2")
                    $0.global("my.package", "Weight")
                    $0 += "("
                    $0.storage("FloatStorage", key: "0", count: 6)
                    $0.integer(0)
                    $0.integers([6])
                    $0.integers([1])
                    $0 += "t}tR"
                }
            ),
        ])
        let checkpoint = try Checkpoint(
            bytes: TorchBuilder.zip(pickle, storages: ["0": TorchBuilder.sixFloats]), path: "p")
        #expect(try checkpoint.floats(named: "a") == checkpoint.floats(named: "b"))
    }
}

@Suite("PyTorch's zip container")
struct TorchZipTests {
    private static let pickle = PickleBuilder.dictionary([
        ("a", { $0.tensor(count: 6, shape: [6], strides: [1]) })
    ])

    @Test func bigEndianIsRefusedByName() {
        expectCheckpointProblem(.torch(.bigEndian), TorchBuilder.zip(Self.pickle, byteOrder: "big"))
        expectCheckpointProblem(
            .torch(.unknownByteOrder("middle")), TorchBuilder.zip(Self.pickle, byteOrder: "middle"))
    }

    @Test func olderFilesHaveNoByteOrder() throws {
        #expect(
            try Checkpoint(bytes: TorchBuilder.zip(Self.pickle, byteOrder: nil), path: "p").container
                == .torchZip)
    }

    @Test func onePickleIsNeeded() {
        expectCheckpointProblem(.torch(.noPickle(count: 0)), ZipBuilder(entries: [.init("a/b", [1])]).build())
        expectCheckpointProblem(
            .torch(.noPickle(count: 2)),
            TorchBuilder.zip(Self.pickle) { $0.entries.append(.init("other/data.pkl", Self.pickle)) })
    }

    @Test func compressedRecordsAreRefused() {
        for index in [0, 2] {
            let bytes = TorchBuilder.zip(Self.pickle) { $0.entries[index].method = 8 }
            expectCheckpointProblem(
                .torch(.compressedRecord(["archive/data.pkl", "", "archive/data/0"][index])), bytes)
        }
    }
}

@Suite("PyTorch's legacy format")
struct TorchLegacyTests {
    private static func pickle(view: (offset: Int, count: Int)?? = .some(nil)) -> [UInt8] {
        PickleBuilder.dictionary([
            ("a", { $0.tensor(count: 6, shape: [view??.count ?? 6], strides: [1], view: view) })
        ])
    }
    private static let storage = little(6) + TorchBuilder.sixFloats

    @Test func isRead() throws {
        let checkpoint = try Checkpoint(
            bytes: TorchBuilder.legacy(Self.pickle(), storages: [Self.storage]), path: "p")
        #expect(checkpoint.container == .torchLegacy)
        #expect(try checkpoint.floats(named: "a") == [0, 1, 2, 3, 4, 5])
    }

    @Test func viewsOfStoragesAreRead() throws {
        let bytes = TorchBuilder.legacy(Self.pickle(view: (offset: 2, count: 3)), storages: [Self.storage])
        #expect(try Checkpoint(bytes: bytes, path: "p").floats(named: "a") == [2, 3, 4])
    }

    @Test func viewsBeyondTheirStorageAreRefused() {
        expectCheckpointProblem(
            .torch(.storageTooShort(key: "0", expected: 12, found: 24)),
            TorchBuilder.legacy(Self.pickle(view: (offset: 4, count: 3)), storages: [Self.storage]))
        expectCheckpointProblem(
            .torch(.storageTooShort(key: "0", expected: 12, found: 24)),
            TorchBuilder.legacy(Self.pickle(view: (offset: -1, count: 3)), storages: [Self.storage]))
    }

    @Test func bigEndianIsRefusedByName() {
        expectCheckpointProblem(
            .torch(.bigEndian),
            TorchBuilder.legacy(Self.pickle(), storages: [Self.storage], isLittleEndian: false))
    }

    @Test func damageIsNamed() {
        expectCheckpointProblem(
            .torch(.damagedLegacyHeader(expected: "protocol version 1001")),
            TorchBuilder.legacy(Self.pickle(), storages: [Self.storage], version: 1000))
        expectCheckpointProblem(
            .torch(.missingStorage(key: "1")),
            TorchBuilder.legacy(Self.pickle(), keys: ["0", "1"], storages: [Self.storage]))
        expectCheckpointProblem(
            .torch(.damagedLegacyHeader(expected: "different keys of storages")),
            TorchBuilder.legacy(Self.pickle(), keys: ["0", "0"], storages: [Self.storage]))
        expectCheckpointProblem(
            .torch(.contradictoryStorage(key: "0")),
            TorchBuilder.legacy(Self.pickle(), storages: [little(7) + TorchBuilder.sixFloats]))
        expectCheckpointProblem(
            .torch(.storageTooShort(key: "0", expected: 24, found: 20)),
            TorchBuilder.legacy(Self.pickle(), storages: [Array(Self.storage.dropLast(4))]))
        let contradictory = PickleBuilder.dictionary([
            ("a", { $0.tensor(count: 6, shape: [6], strides: [1]) }),
            ("b", { $0.tensor("DoubleStorage", count: 6, shape: [6], strides: [1]) }),
        ])
        expectCheckpointProblem(
            .torch(.contradictoryStorage(key: "0")),
            TorchBuilder.legacy(contradictory, storages: [Self.storage]))
    }

    @Test func hugeCountsDoNotOverflow() {
        let pickle = PickleBuilder.dictionary([("a", { $0.tensor(count: Int.max, shape: [1], strides: [1]) })]
        )
        expectCheckpointProblem(
            .torch(.storageTooShort(key: "0", expected: Int.max, found: 24)),
            TorchBuilder.legacy(pickle, storages: [little(Int.max) + TorchBuilder.sixFloats]))
    }
}
