import ArrayFiles
import PromptIR
import Tensors
import TestSupport
import Testing
import Training

/// Gradients of the micro network against PyTorch in float64: every tensor within 1e-4 relative (L2).
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)), .serialized)
struct GoldenGradientTests {
    static let tolerance = 1e-4
    static let shape = BatchShape(count: 2, height: 32, width: 40)

    /// Losses whose gradient is a line: the mean over all elements.
    enum PlainLoss: String, CaseIterable {
        case mse, l1

        func gradient(_ difference: Float, count: Int) -> Float {
            switch self {
            case .mse: 2 * difference / Float(count)
            case .l1: (difference > 0 ? 1 : difference < 0 ? -1 : 0) / Float(count)
            }
        }
    }

    @Test(arguments: PlainLoss.allCases, MemoryPlan.allCases)
    func everyTensor(loss: PlainLoss, memory: MemoryPlan) throws {
        let golden = try NpzFile(path: SharedFolder.path("golden/gradients-\(loss).npz"))
        let store = try ParameterStore(configuration: .micro())
        store.fillByFormula()
        let session = try GradientSession(
            parameters: store, shape: Self.shape, memory: memory, threadCount: 2)
        let input = Formula.image(count: 2, height: 32, width: 40)
        let mixed = Formula.uniform("golden-target/2x3x32x40", count: input.count).map { 0.5 + 0.5 * $0 }
        let restored = session.forward(try AlignedBuffer(input)).floats
        let slopes = restored.indices.map { index in
            let target = 0.7 * Double(input[index]) + 0.3 * mixed[index]
            return loss.gradient(restored[index] - Float(target), count: input.count)
        }
        session.backward(try AlignedBuffer(slopes))

        #expect(Set(golden.names) == Set(store.entries.map(\.name)))
        var worst = (error: 0.0, name: "")
        for entry in store.entries {
            let expected = try golden.array(named: entry.name)
            let error = relativeError(store.gradients.floats(in: entry.range), expected.floats)
            if error > worst.error { worst = (error, entry.name) }
            #expect(error <= Self.tolerance, "\(entry.name): \(error)")
        }
        print("golden gradients \(loss) \(memory): largest relative error \(worst.error) in \(worst.name)")
    }
}

/// ‖a − b‖ / ‖b‖; infinite where a value is NaN.
func relativeError(_ actual: [Float], _ expected: [Float]) -> Double {
    var (error, norm) = (0.0, 0.0)
    for (a, b) in zip(actual, expected) {
        error += (Double(a) - Double(b)) * (Double(a) - Double(b))
        norm += Double(b) * Double(b)
    }
    let ratio = (error / max(norm, .leastNormalMagnitude)).squareRoot()
    return ratio.isNaN || actual.count != expected.count ? .infinity : ratio
}
