import Kernels
import ReferenceKernels
import Tensors
import Testing

/// Tensors by name, with gradients that a kernel adds to, and the same values in double for its twin.
struct TrainableTensors {
    private let memory: [String: (values: GuardedMemory, gradients: GuardedMemory)]
    let doubles: [String: [Double]]

    init(_ values: [String: [Float]]) throws {
        memory = try values.mapValues {
            (try GuardedMemory($0), try GuardedMemory([Float](repeating: 0, count: $0.count)))
        }
        doubles = values.mapValues(\.doubles)
    }

    func callAsFunction(_ name: String) throws -> TrainableTensor {
        let tensor = try #require(memory[name], "no tensor \(name)")
        return TrainableTensor(values: tensor.values.run, gradients: tensor.gradients.run)
    }

    func optional(_ name: String) -> TrainableTensor? {
        memory[name].map { TrainableTensor(values: $0.values.run, gradients: $0.gradients.run) }
    }

    func filter(_ weight: String, _ bias: String) throws -> TrainableFilter {
        TrainableFilter(weight: try self(weight), bias: optional(bias))
    }

    var gradients: [String: [Float]] { memory.mapValues(\.gradients.values) }
    var guardsAreIntact: Bool {
        memory.values.allSatisfy { $0.values.guardsAreIntact && $0.gradients.guardsAreIntact }
    }
}

/// Gradients against central differences of a twin in double precision.
enum CentralDifference {
    static let step = 1e-5
    /// Elements of a tensor that are tried, spread over it.
    static let sampleCount = 24

    /// Expects each gradient to be the slope of `Σ slopes · outputs` within `tolerance` of the tensor's largest.
    ///
    /// - Parameter outputs: the twin, from the tensors by name.
    static func expect(
        _ gradients: [String: [Float]], of values: [String: [Double]], slopes: [Double],
        tolerance: Double = 1e-4,
        sourceLocation: SourceLocation = #_sourceLocation, outputs: ([String: [Double]]) -> [Double]
    ) {
        func loss(_ name: String, _ index: Int, _ change: Double) -> Double {
            var changed = values
            changed[name]?[index] += change
            return zip(outputs(changed), slopes).reduce(0) { $0 + $1.0 * $1.1 }
        }
        for (name, gradient) in gradients.sorted(by: { $0.key < $1.key }) {
            let largest = gradient.map { abs(Double($0)) }.max() ?? 0
            let stride = max(1, gradient.count / sampleCount)
            for index in Swift.stride(from: gradient.count % stride / 2, to: gradient.count, by: stride) {
                let slope = (loss(name, index, step) - loss(name, index, -step)) / (2 * step)
                let error = abs(Double(gradient[index]) - slope)
                #expect(
                    error <= tolerance * max(largest, abs(slope)) + 1e-7,
                    "\(name)[\(index)]: \(gradient[index]), central difference \(slope)",
                    sourceLocation: sourceLocation)
            }
        }
    }
}
