import ArrayFiles
import Files
import Kernels
import PromptIR
import Tensors
import TestSupport
import Testing
import Training

/// Gradients of the micro network against PyTorch in float64: every tensor within 1e-4 relative (L2).
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)), .serialized)
struct GoldenGradientTests {
    static let tolerance = 1e-4

    @Test(
        arguments: [("mse", LossFunction.mse), ("l1", .l1), ("l1-ssim", .l1SSIM(alpha: 0.84))],
        MemoryPlan.allCases)
    func everyTensor(loss: (name: String, function: LossFunction), memory: MemoryPlan) throws {
        let golden = try NpzFile(path: Path(SharedFolder.path("golden/gradients-\(loss.name).npz")))
        let training = try GoldenTraining()
        let store = try GoldenTraining.parameters()
        let session = try GradientSession(
            parameters: store, shape: GoldenTraining.shape, memory: memory, team: WorkerTeam(threadCount: 2))
        let evaluator = try LossEvaluator(
            loss.function, shape: GoldenTraining.shape, team: WorkerTeam(threadCount: 2))
        let output = session.forward(try AlignedBuffer(training.input))
        let value = evaluator.evaluate(output: output, clean: try AlignedBuffer(training.target))
        let expected = try #require(training.steps[loss.name]?.losses.first)
        #expect(abs(value / expected - 1) <= 1e-5)
        session.backward(evaluator.gradient)

        #expect(Set(golden.names) == Set(store.entries.map(\.name)))
        var worst = (error: 0.0, name: "")
        for entry in store.entries {
            let expected = try golden.array(named: entry.name)
            let error = relativeError(store.gradients.floats(in: entry.range), expected.floats)
            if error > worst.error { worst = (error, entry.name) }
            #expect(error <= Self.tolerance, "\(entry.name): \(error)")
        }
        print(
            "golden gradients \(loss.name) \(memory): largest relative error \(worst.error) in \(worst.name)")
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
