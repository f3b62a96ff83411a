import ArrayFiles
import Kernels
import PromptIR
import Tensors
import TestSupport
import Testing
import Training

/// The three losses of the golden network's first step, from the forward pass that restores.
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
struct GoldenLossTests {
    @Test(arguments: LossFunction.compared())
    func firstLoss(_ function: LossFunction) throws {
        let golden = try GoldenTraining()
        let store = try GoldenTraining.parameters()
        let session = ForwardSession(network: try Network(weights: store), threadCount: 2)
        let shape = GoldenTraining.shape
        var output: [Float] = []
        let size = shape.valueCount / shape.count
        for picture in 0..<shape.count {
            let values = Array(golden.input[picture * size..<(picture + 1) * size])
            output += try session.forward(
                ImageTensor(height: shape.height, width: shape.width, values: values)
            ).values
        }
        let evaluator = try LossEvaluator(function, shape: shape, team: WorkerTeam(threadCount: 2))
        let loss = evaluator.evaluate(
            output: try AlignedBuffer(output), clean: try AlignedBuffer(golden.target))
        let expected = try #require(golden.steps[function.name]?.losses.first)
        print("golden \(function.name): first loss off by \(Float(abs(loss / expected - 1)))")
        #expect(abs(loss / expected - 1) <= 1e-5)
    }
}
