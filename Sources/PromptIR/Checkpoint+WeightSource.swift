import ArrayFiles

extension Checkpoint: WeightSource {
    package var tensorShapes: [String: [Int]] {
        Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
    }
}
