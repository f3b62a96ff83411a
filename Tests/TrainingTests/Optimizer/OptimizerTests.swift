import Kernels
import PromptIR
import Tensors
import TestSupport
import Testing
import Training

struct OptimizerTests {
    /// The update as PyTorch's documentation writes it, in double.
    struct Reference {
        var parameter: Double
        var first = 0.0
        var second = 0.0

        mutating func step(_ number: Int, gradient: Double, rate: Double) {
            parameter -= rate * 0.01 * parameter
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient * gradient
            var (firstPower, secondPower) = (1.0, 1.0)
            for _ in 0..<number {
                firstPower *= 0.9
                secondPower *= 0.999
            }
            let norm = (second / (1 - secondPower)).squareRoot() + 1e-8
            parameter -= rate * (first / (1 - firstPower)) / norm
        }
    }

    @Test(arguments: [1, 7, 8, 9, 1000, 32_768, 70_001])
    func tenStepsAgreeWithTheFormula(_ count: Int) throws {
        let start = Formula.uniform("start", count: count).map { Float($0) }
        var references = start.map { Reference(parameter: Double($0)) }
        let parameters = try AlignedBuffer(start)
        let (first, second) = (try AlignedBuffer(count: count), try AlignedBuffer(count: count))
        for number in 1...10 {
            let gradient = Formula.uniform("gradient \(number)", count: count).map { Float($0) }
            let rate = 1e-2 / Double(number)
            let step = AdamStep(
                learningRate: rate, weightDecay: 0.01, firstDecay: 0.9, secondDecay: 0.999, epsilon: 1e-8,
                number: number, gradientFactor: 0.5)
            step.apply(
                parameters: parameters, gradients: try AlignedBuffer(gradient.map { 2 * $0 }),
                firstMoment: first, secondMoment: second, range: 0..<count,
                team: WorkerTeam(threadCount: 2))
            for index in 0..<count {
                references[index].step(number, gradient: Double(gradient[index]), rate: rate)
            }
        }
        let error =
            zip(parameters.floats(in: 0..<count), references).map { abs(Double($0) - $1.parameter) }
            .max() ?? 0
        #expect(error <= 1e-6)
    }

    @Test func sumOfSquaresIsExactEnoughAndShowsBadNumbers() throws {
        for count in [1, 511, 512, 513, 70_001] {
            var values = Formula.uniform("values", count: count).map { Float($0) }
            let expected = values.reduce(0.0) { $0 + Double($1) * Double($1) }
            for threads in [1, 3] {
                let sum = FlatVector.sumOfSquares(
                    try AlignedBuffer(values), count: count, team: WorkerTeam(threadCount: threads))
                #expect(abs(sum - expected) <= 1e-6 * expected)
            }
            values[count / 2] = .infinity
            #expect(
                !FlatVector.sumOfSquares(
                    try AlignedBuffer(values), count: count, team: WorkerTeam(threadCount: 1)
                ).isFinite)
            values[count / 2] = .nan
            #expect(
                !FlatVector.sumOfSquares(
                    try AlignedBuffer(values), count: count, team: WorkerTeam(threadCount: 1)
                ).isFinite)
        }
    }

    @Test func clippingIsPyTorchs() throws {
        let store = try GoldenTraining.parameters()
        store.gradients.fill(0..<store.count, with: [Float](repeating: 0.5, count: store.count))
        let length = 0.5 * Double(store.count).squareRoot()
        let norm = GradientNorm(store, scale: 1, team: WorkerTeam(threadCount: 2))
        #expect(abs(norm.value - length) <= 1e-6 * length)
        #expect(norm.clipFactor(limit: nil) == 1)
        #expect(norm.clipFactor(limit: 2 * length) == 1)
        #expect(abs(norm.clipFactor(limit: 1) - 1 / (length + 1e-6)) <= 1e-6 / length)
        #expect(
            abs(GradientNorm(store, scale: 4, team: WorkerTeam(threadCount: 1)).value - length / 4) <= 1e-6
                * length)
    }

    @Test func averageFollows() throws {
        let average = try AlignedBuffer([0, 1, 2, 3, 4, 5, 6, 7, 8])
        let values = try AlignedBuffer([Float](repeating: 10, count: 9))
        FlatVector.average(values, into: average, share: 0.1, count: 9, team: WorkerTeam(threadCount: 1))
        for (index, value) in average.floats(in: 0..<9).enumerated() {
            let old = Float(index)
            let expected: Float = old + 0.1 * (10 - old)
            #expect(abs(value - expected) < 1e-6)
        }
    }
}
