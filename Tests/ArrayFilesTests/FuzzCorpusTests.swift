import ArrayFiles
import Foundation
import TestSupport
import Testing

/// What the fuzzers of Tests/Fuzz have found worth keeping, through the readers of the release: none may crash.
struct FuzzCorpusTests {
    @Test(arguments: ["safetensors", "torch"])
    func everyKeptCheckpointGivesAnErrorOrTensors(target: String) throws {
        let inputs = try FuzzCorpus.inputs(of: target)
        #expect(inputs.count > 50)
        for bytes in inputs {
            guard let checkpoint = try? Checkpoint(bytes: bytes, path: "fuzz") else { continue }
            for tensor in checkpoint.tensors {
                #expect(
                    try checkpoint.floats(named: tensor.name).count == tensor.shape.reduce(1, *))
            }
        }
    }

    @Test func everyKeptArrayFileGivesAnErrorOrValues() throws {
        let inputs = try FuzzCorpus.inputs(of: "numpy")
        #expect(inputs.count > 50)
        for bytes in inputs {
            if let array = try? NpyArray(bytes: bytes, path: "fuzz") {
                #expect(array.floats.count == array.shape.reduce(1, *))
            }
            guard let file = try? NpzFile(bytes: bytes, path: "fuzz") else { continue }
            for name in file.names.prefix(64) {
                guard let array = try? file.array(named: name) else { continue }
                #expect(array.floats.count == array.shape.reduce(1, *))
            }
        }
    }
}
