import ArrayFiles
import Kernels
import PromptIR
import Tensors
import TestSupport
import Testing
import Training

/// Ten steps of forward, loss, backward and AdamW against PyTorch in float64, for all three losses.
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
struct GoldenStepsTests {
    @Test(arguments: LossFunction.compared())
    func tenSteps(_ function: LossFunction) throws {
        let golden = try GoldenTraining()
        let expected = try #require(golden.steps[function.name])
        let store = try GoldenTraining.parameters()
        let shape = GoldenTraining.shape
        let team = WorkerTeam(threadCount: 2)
        let session = try GradientSession(
            parameters: store, shape: shape, memory: .keep, precision: .float32, team: team)
        let evaluator = try LossEvaluator(function, shape: shape, team: team)
        let optimizer = try Optimizer(parameters: store, settings: Optimizer.Settings())
        let schedule = LearningRateSchedule(
            shape: .cosine, period: .update, base: 2e-4, least: 1e-6, warmUpUpdateCount: 0,
            updatesPerEpoch: 10, epochCount: 1)
        let input = try AlignedBuffer(golden.input)
        let target = try AlignedBuffer(golden.target)
        var largestLossError = 0.0
        for step in 0..<10 {
            store.gradients.zero()
            let loss = evaluator.evaluate(output: session.forward(input), clean: target)
            largestLossError = max(largestLossError, abs(loss / expected.losses[step] - 1))
            session.backward(evaluator.gradient)
            let rate = schedule.rate(update: step)
            #expect(abs(rate - expected.learningRates[step]) <= 1e-12)
            try optimizer.step(learningRate: rate, team: team)
        }
        let last = evaluator.evaluate(output: session.forward(input), clean: target)
        largestLossError = max(largestLossError, abs(last / expected.finalLoss - 1))
        #expect(largestLossError <= 1e-5)

        let (relative, absolute) = try Self.errors(of: store, after: function.name)
        print(
            "golden \(function.name): losses off by \(Float(largestLossError)), parameters after ten steps by "
                + "\(Float(relative)) (L2, relative, the worst tensor), \(Float(absolute)) (the worst number)"
        )
        #expect(relative <= 1e-5)
    }

    /// The worst tensor's relative L2 error, and the largest difference of all.
    private static func errors(
        of store: ParameterStore, after loss: String
    ) throws -> (relative: Double, absolute: Double) {
        let file = try GoldenTraining.after(loss)
        var (relative, absolute) = (0.0, 0.0)
        #expect(Set(file.names) == Set(store.entries.map(\.name)))
        for entry in store.entries {
            let expected = try file.array(named: entry.name).floats.map(Double.init)
            let found = store.values.floats(in: entry.range).map(Double.init)
            let differences = zip(found, expected).map { $0 - $1 }
            let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
            relative = max(relative, differences.reduce(0) { $0 + $1 * $1 }.squareRoot() / length)
            absolute = max(absolute, differences.map(abs).max() ?? 0)
        }
        return (relative, absolute)
    }
}
