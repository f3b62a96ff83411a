import ArrayFiles
import Foundation
import TestSupport
import Testing

/// Damaged files of every container: each must give an error or tensors, never a crash, and quickly.
@Suite("Damaged files", .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
struct MutationTests {
    private static func bytes(_ golden: GoldenCheckpointTests.Golden) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: GoldenCheckpointTests.path(golden.file))))
    }

    /// Reads everything there is. Only this target's own error may come out.
    private static func readAll(_ bytes: [UInt8]) -> ArrayFileError? {
        do {
            let checkpoint = try Checkpoint(bytes: bytes, path: "damaged")
            for tensor in checkpoint.tensors { _ = try checkpoint.floats(named: tensor.name) }
            return nil
        } catch let error as ArrayFileError {
            return error
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    /// The bytes that decide: the first 64 kB and the last 16 kB, where headers, pickles and directories are.
    private static func place(in count: Int, using generator: inout SeededGenerator) -> Int {
        switch UInt64.random(in: 0..<8, using: &generator) {
        case 0..<5: Int.random(in: 0..<min(count, 30_000), using: &generator)
        case 5..<7: count - 1 - Int.random(in: 0..<min(count, 16_384), using: &generator)
        default: Int.random(in: 0..<count, using: &generator)
        }
    }

    @Test("truncated", arguments: GoldenCheckpointTests.goldens)
    func truncatedFilesGiveAnError(_ golden: GoldenCheckpointTests.Golden) throws {
        let bytes = try Self.bytes(golden)
        let cuts =
            Array(0..<200) + (1...100).map { bytes.count * $0 / 101 } + (1...100).map { bytes.count - $0 }
        for cut in cuts {
            let error = Self.readAll(Array(bytes.prefix(cut)))
            #expect(error != nil, "cut at \(cut)")
            #expect(error?.description.hasPrefix("damaged: ") != false)
        }
    }

    @Test("mutated", arguments: GoldenCheckpointTests.goldens)
    func mutatedFilesNeverCrash(_ golden: GoldenCheckpointTests.Golden) throws {
        let original = try Self.bytes(golden)
        var generator = SeededGenerator(seed: UInt64(original.count))
        var bytes = original
        for _ in 0..<400 {
            var places: [Int] = []
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Self.place(in: bytes.count, using: &generator)
                places.append(place)
                switch UInt8.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
                default:
                    let count = min(8, bytes.count - place)
                    for index in place..<place + count {
                        places.append(index)
                        bytes[index] = 0xFF
                    }
                }
            }
            _ = Self.readAll(bytes)
            for place in places { bytes[place] = original[place] }
        }
        #expect(Self.readAll(bytes) == nil)
    }
}

@Suite("Small files, every byte")
struct SmallFileMutationTests {
    private static let files: [(name: String, bytes: [UInt8])] = {
        let pickle = PickleBuilder.dictionary([
            ("epoch", { $0.integer(3) }),
            (
                "state_dict",
                {
                    $0.pushDictionary([
                        ("net.a", { $0.tensor(count: 6, shape: [3, 2], strides: [1, 3]) }),
                        ("net.b", { $0.tensor("HalfStorage", key: "1", count: 4, shape: [4], strides: [1]) }),
                    ])
                }
            ),
        ])
        let eight = [UInt8](repeating: 0x3C, count: 8)
        return [
            ("zip", TorchBuilder.zip(pickle, storages: ["0": TorchBuilder.sixFloats, "1": eight])),
            (
                "legacy",
                TorchBuilder.legacy(
                    pickle, keys: ["0", "1"],
                    storages: [little(6) + TorchBuilder.sixFloats, little(4) + eight])
            ),
            (
                "safetensors",
                SafetensorsBuilder.file(
                    ["a": ("F32", [3, 2], 0, 24), "b": ("BF16", [4], 24, 32)],
                    data: TorchBuilder.sixFloats + eight)
            ),
        ]
    }()

    private static func readAll(_ bytes: [UInt8]) -> ArrayFileError? {
        do {
            let checkpoint = try Checkpoint(bytes: bytes, path: "damaged")
            for tensor in checkpoint.tensors { _ = try checkpoint.floats(named: tensor.name) }
            return nil
        } catch let error as ArrayFileError {
            return error
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test func everyTruncationGivesAnError() {
        for (name, bytes) in Self.files {
            #expect(Self.readAll(bytes) == nil, "\(name)")
            for count in 0..<bytes.count {
                #expect(Self.readAll(Array(bytes.prefix(count))) != nil, "\(name) \(count)")
            }
        }
    }

    @Test func everyByteMayBeDamaged() {
        let limits: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
        for (_, original) in Self.files {
            var bytes = original
            for index in bytes.indices {
                let flipped = (0..<8).map { original[index] ^ 1 << UInt8($0) }
                for value in limits + flipped + PickleTests.opcodes {
                    bytes[index] = value
                    _ = Self.readAll(bytes)
                }
                bytes[index] = original[index]
            }
        }
    }
}
