import ArrayFiles
import Files
import Restoration

/// A network's weights as safetensors under the checkpoint's own names, for `promptir-restored --model` and for
/// `load_state_dict` in PyTorch.
package enum ModelFile {
    /// Writes the file atomically.
    /// - Parameter metadata: the origin of the weights, for `promptir inspect`.
    package static func write(
        _ weights: WeightView, carried: [CarriedTensor], metadata: [String: String], to path: Path
    ) throws {
        var shapes = weights.tensorShapes
        for tensor in carried { shapes[tensor.name] = tensor.shape }
        let carried = Dictionary(uniqueKeysWithValues: carried.map { ($0.name, $0.values) })
        try AtomicFile.write(path) { writer in
            try SafetensorsWriter.write(shapes: shapes, type: .f32, metadata: metadata, to: writer) { name in
                try carried[name] ?? weights.floats(named: name)
            }
        }
    }
}
