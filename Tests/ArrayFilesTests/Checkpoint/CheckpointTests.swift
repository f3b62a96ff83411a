import ArrayFiles
import Files
import Foundation
import TestSupport
import Testing

@Suite("Checkpoints that real programs wrote")
struct GoldenCheckpointTests {
    struct Golden: Sendable, CustomStringConvertible {
        let file: String
        let container: Checkpoint.Container
        let type: ElementType
        var notes: [String] = []

        var description: String { file }

        /// Of a value below 2 in magnitude, relative to float32's own rounding.
        var tolerance: Float {
            switch type {
            case .float32, .float64: 0
            case .float16: 0x1p-11
            case .bfloat16: 0x1p-8
            }
        }
    }

    static let goldens: [Golden] = [
        Golden(file: "zip.pth", container: .torchZip, type: .float32),
        Golden(file: "legacy.pth", container: .torchLegacy, type: .float32),
        Golden(
            file: "lightning.ckpt", container: .torchZip, type: .float32,
            notes: ["weights read from state_dict", "prefix net. removed from 146 of 146 names"]),
        Golden(
            file: "data-parallel.pth", container: .torchZip, type: .float32,
            notes: ["prefix module. removed from 146 of 146 names"]),
        Golden(
            file: "training-dict.pth", container: .torchZip, type: .float32,
            notes: ["weights read from model_state_dict"]),
        Golden(file: "half.pth", container: .torchZip, type: .float16),
        Golden(file: "bfloat16.pth", container: .torchZip, type: .bfloat16),
        Golden(file: "double.pth", container: .torchZip, type: .float64),
        Golden(file: "shared-storage.pth", container: .torchZip, type: .float32),
        Golden(file: "strided.pth", container: .torchZip, type: .float32),
        Golden(file: "float32.safetensors", container: .safetensors, type: .float32),
        Golden(file: "half.safetensors", container: .safetensors, type: .float16),
        Golden(file: "bfloat16.safetensors", container: .safetensors, type: .bfloat16),
    ]

    static func path(_ file: String) -> String { SharedFolder.path("golden/checkpoints/\(file)") }

    @Test(
        "gives the weights of the formula",
        .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)),
        arguments: goldens)
    func givesTheFormulasWeights(_ golden: Golden) throws {
        let checkpoint = try Checkpoint(path: Path(Self.path(golden.file)))
        #expect(checkpoint.container == golden.container)
        #expect(checkpoint.notes == golden.notes)
        #expect(checkpoint.tensors.count == 146)
        #expect(checkpoint.tensors.map(\.name) == checkpoint.tensors.map(\.name).sorted())
        for tensor in checkpoint.tensors {
            #expect(tensor.elementType == golden.type)
            let expected = Formula.weights(tensor.name, shape: tensor.shape)
            let found = try checkpoint.floats(named: tensor.name)
            #expect(found.count == expected.count)
            let worst = zip(found, expected).map { abs($0 - $1) - golden.tolerance * abs($1) }.max() ?? 0
            // Half's subnormals lie 2^-24 apart, whatever the value.
            #expect(worst <= (golden.type == .float16 ? 0x1p-25 : 0), "\(tensor.name)")
        }
    }

    @Test(
        "has the shapes of the micro network",
        .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)), arguments: goldens)
    func hasTheMicroNetworksShapes(_ golden: Golden) throws {
        let checkpoint = try Checkpoint(path: Path(Self.path(golden.file)))
        let shapes = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.shape) })
        #expect(shapes["patch_embed.proj.weight"] == [8, 3, 3, 3])
        #expect(shapes["prompt1.prompt_param"] == [1, 5, 8, 16, 16])
        #expect(shapes["encoder_level1.0.attn.temperature"] == [1, 1, 1])
        #expect(shapes["latent.0.attn.qkv.weight"] == [192, 64, 1, 1])
        #expect(shapes["latent.0.norm1.body.bias"] == [64])
        #expect(shapes["output.weight"] == [3, 16, 3, 3])
    }

    @Test(
        "is recognised whatever its name",
        .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)),
        arguments: [("zip.pth", "x.safetensors"), ("legacy.pth", "x"), ("half.safetensors", "x.ckpt")])
    func isRecognisedWhateverItsName(_ file: String, _ name: String) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Self.path(file), toPath: folder.path(name))
        #expect(try Checkpoint(path: Path(folder.path(name))).tensors.count == 146)
    }
}

@Suite("Files that cannot be opened")
struct CheckpointFileTests {
    @Test func aMissingFileIsNamed() {
        #expect(
            throws: FileError(.openFile, "/no/such/file", .noEntry)
        ) {
            try Checkpoint(path: "/no/such/file")
        }
    }

    @Test func aFolderIsNoFile() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError(.read, Path(folder.path), .isAFolder)) {
            try Checkpoint(path: Path(folder.path))
        }
    }

    @Test func aFifoDoesNotBlock() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("fifo")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: FileError(.read, Path(path), .notRegular)) { try Checkpoint(path: Path(path)) }
    }

    @Test func anEmptyFileIsTruncated() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([], to: "empty")
        #expect(throws: ArrayFileError(Path(path), .safetensors(.truncated(byteCount: 0)))) {
            try Checkpoint(path: Path(path))
        }
    }

    @Test func anotherKindOfFileIsUnknown() {
        expectCheckpointProblem(
            .checkpoint(.unknownContainer(start: "\\x89PNG\\xd\\xa\\x1a\\xa")),
            [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13,
            ])
    }

    @Test func aFileCutWhileOpenGivesAnError() throws {
        let folder = try TemporaryFolder()
        let bytes = SafetensorsBuilder.file(
            ["a": ("F32", [4096], 0, 16384)], data: [UInt8](repeating: 0, count: 16384))
        let path = try folder.write(bytes, to: "cut")
        let checkpoint = try Checkpoint(path: Path(path))
        #expect(truncate(path, 100) == 0)
        #expect(throws: ArrayFileError(Path(path), .cutWhileOpen(byteCount: bytes.count, found: 100))) {
            try checkpoint.floats(named: "a")
        }
    }

    @Test func anAbsentTensorIsNamed() throws {
        let bytes = SafetensorsBuilder.file(["a": ("F32", [1], 0, 4)], data: [0, 0, 0, 0])
        let checkpoint = try Checkpoint(bytes: bytes, path: "/some/file")
        expectProblem(.checkpoint(.noTensor("b"))) { _ in _ = try checkpoint.floats(named: "b") }
    }
}

@Suite("Prefixes and nestings")
struct CheckpointNamingTests {
    private static func value(_ builder: inout PickleBuilder) {
        builder.tensor(count: 6, shape: [2, 3], strides: [3, 1])
    }
    private static func other(_ builder: inout PickleBuilder) {
        builder.tensor(key: "1", count: 6, shape: [2, 3], strides: [3, 1])
    }

    @Test(arguments: [
        "net.", "module.", "model.", "_orig_mod.", "module.net.", "model._orig_mod.",
        "_orig_mod.module.model.net.",
    ])
    func prefixesAreRemoved(_ prefix: String) throws {
        let pickle = PickleBuilder.dictionary([(prefix + "output.weight", Self.value)])
        let checkpoint = try Checkpoint(
            bytes: TorchBuilder.zip(pickle, storages: ["0": TorchBuilder.sixFloats]), path: "p")
        #expect(
            checkpoint.tensors == [
                TensorDescription(name: "output.weight", shape: [2, 3], elementType: .float32)
            ])
        #expect(try checkpoint.floats(named: "output.weight") == [0, 1, 2, 3, 4, 5])
        #expect(checkpoint.notes == ["prefix \(prefix) removed from 1 of 1 names"])
    }

    @Test func twoNetworksOfTheSameNamesAreRefused() {
        let pickle = PickleBuilder.dictionary([("net.a", Self.value), ("module.a", Self.value)])
        expectCheckpointProblem(.checkpoint(.duplicateName("net.a", "module.a")), TorchBuilder.zip(pickle))
    }

    @Test func aNameTwiceIsRefused() {
        let pickle = PickleBuilder.dictionary([("a", Self.value), ("a", Self.value)])
        expectCheckpointProblem(.checkpoint(.duplicateName("a", "a")), TorchBuilder.zip(pickle))
    }

    @Test(arguments: [
        ["state_dict"], ["model_state_dict"], ["model"], ["params"], ["params_ema"], ["ema"],
        ["model", "state_dict"],
        ["ema", "params_ema"], ["state_dict", "model", "params"],
    ])
    func nestingsAreFollowed(_ keys: [String]) throws {
        var push: (inout PickleBuilder) -> Void = { $0.pushDictionary([("a", Self.value)]) }
        for key in keys.reversed().dropLast() {
            let inner = push
            push = { $0.pushDictionary([("epoch", { $0.integer(3) }), (key, inner)]) }
        }
        let pickle = PickleBuilder.dictionary([(keys[0], push), ("loss", Self.other)])
        let checkpoint = try Checkpoint(
            bytes: TorchBuilder.zip(pickle, storages: ["0": TorchBuilder.sixFloats]), path: "p")
        #expect(try checkpoint.floats(named: "a") == [0, 1, 2, 3, 4, 5])
        #expect(checkpoint.notes == ["weights read from \(keys.joined(separator: "."))"])
    }

    @Test(arguments: [("params", "params_ema"), ("state_dict", "ema"), ("model", "ema")])
    func averagedWeightsArePreferred(_ plain: String, _ averaged: String) throws {
        let pickle = PickleBuilder.dictionary([
            (plain, { $0.pushDictionary([("a", Self.other)]) }),
            (averaged, { $0.pushDictionary([("a", Self.value)]) }),
        ])
        let checkpoint = try Checkpoint(
            bytes: TorchBuilder.zip(pickle, storages: ["0": TorchBuilder.sixFloats]), path: "p")
        #expect(try checkpoint.floats(named: "a") == [0, 1, 2, 3, 4, 5])
        #expect(
            checkpoint.notes == [
                "weights read from \(averaged)",
                "both averaged (EMA) and plain weights are there: the averaged ones are used",
            ])
    }

    @Test func anAverageWithoutTensorsIsPassedOver() throws {
        let pickle = PickleBuilder.dictionary([
            ("ema", { $0.pushDictionary([("decay", { $0.integer(1) })]) }),
            ("state_dict", { $0.pushDictionary([("a", Self.value)]) }),
        ])
        #expect(
            try Checkpoint(bytes: TorchBuilder.zip(pickle), path: "p").notes == [
                "weights read from state_dict"
            ])
    }

    @Test func unknownKeysAreListed() {
        let pickle = PickleBuilder.dictionary([
            ("generator", { $0.pushDictionary([("a", Self.value)]) }), ("epoch", { $0.integer(1) }),
        ])
        expectCheckpointProblem(
            .checkpoint(.noWeights(found: ["generator", "epoch"])), TorchBuilder.zip(pickle))
    }

    @Test func countersAreIgnoredAndListed() throws {
        let pickle = PickleBuilder.dictionary([
            ("a", Self.value),
            (
                "bn.num_batches_tracked",
                { $0.tensor("LongStorage", key: "1", count: 1, shape: [], strides: []) }
            ),
            ("step", { $0.integer(7) }),
        ])
        let checkpoint = try Checkpoint(bytes: TorchBuilder.zip(pickle), path: "p")
        #expect(checkpoint.tensors.map(\.name) == ["a"])
        #expect(checkpoint.ignored == ["bn.num_batches_tracked", "step"])
        #expect(checkpoint.notes == ["2 entries without floating point numbers ignored"])
    }
}
