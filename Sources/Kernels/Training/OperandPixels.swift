import Tensors

/// A picture's features as the operands of both kinds of products.
struct OperandPixels: Sendable {
    let products: ProductPixels
    let sums: SumPixels

    /// Features of floats are operands in float32.
    init(_ pixels: FloatRun) {
        products = .float32(pixels)
        sums = .float32(pixels)
    }

    init(_ rounded: RoundedPixels) {
        products = .mixed(rounded.pixels)
        sums = .mixed(rounded.pairs)
    }

    /// - Parameter memory: `roundedCount` floats, which receive the rounded features in mixed precision.
    init(
        _ features: FeatureMap, rounded memory: FloatRun, in precision: TrainingPrecision, team: WorkerTeam
    ) {
        switch precision {
        case .float32: self.init(FloatRun(features.base))
        case .mixed:
            let rounded = RoundedPixels(
                memory, height: features.height, width: features.width, stride: features.stride)
            rounded.store(for: .both, team: team) { pixels in
                UnsafePointer(features.base) + pixels.lowerBound * features.stride
            }
            self.init(rounded)
        }
    }

    /// The number of floats that the rounded features of a picture take.
    static func roundedCount(height: Int, width: Int, stride: Int, in precision: TrainingPrecision) -> Int {
        precision == .mixed ? RoundedPixels.count(height: height, width: width, stride: stride) : 0
    }
}
