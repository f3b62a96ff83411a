import Kernels
import Tensors
import TestSupport
import Testing
import Training

/// Values against the obvious formulas, gradients against central differences of these in double.
struct LossTests {
    static let shapes = [(1, 11, 11), (1, 12, 17), (2, 23, 11), (1, 16, 33), (3, 13, 14)]

    private func reference(
        _ function: LossFunction, _ output: [Double], _ clean: [Double], _ shape: BatchShape
    ) -> Double {
        switch function {
        case .mse: ReferenceLoss.mse(output, clean)
        case .l1: ReferenceLoss.l1(output, clean)
        case .l1SSIM(let alpha):
            ReferenceLoss.l1SSIM(
                output, clean, planes: 3 * shape.count, height: shape.height, width: shape.width, alpha: alpha
            )
        }
    }

    @Test(arguments: LossFunction.compared(), shapes)
    func agreesWithTheFormula(_ function: LossFunction, _ size: (Int, Int, Int)) throws {
        let shape = BatchShape(count: size.0, height: size.1, width: size.2)
        let output = Formula.image(prefix: "output", count: size.0, height: size.1, width: size.2)
        let clean = Formula.image(prefix: "clean", count: size.0, height: size.1, width: size.2)
        let evaluator = try LossEvaluator(function, shape: shape, team: WorkerTeam(threadCount: 2))
        let outputBuffer = try AlignedBuffer(output)
        let cleanBuffer = try AlignedBuffer(clean)
        let loss = evaluator.evaluate(output: outputBuffer, clean: cleanBuffer)
        let (wideOutput, wideClean) = (output.map(Double.init), clean.map(Double.init))
        let expected = reference(function, wideOutput, wideClean, shape)
        #expect(abs(loss - expected) <= 1e-7 * abs(expected), "\(loss), expected \(expected)")

        let gradient = evaluator.gradient.floats(in: 0..<shape.valueCount)
        let step = 1e-5
        // Every pixel where there are few, else a spread that meets borders and the middle.
        for index in stride(from: 0, to: shape.valueCount, by: max(1, shape.valueCount / 97)) {
            // The kink of |x| has no difference quotient.
            guard abs(wideOutput[index] - wideClean[index]) > 2 * step else { continue }
            var (above, below) = (wideOutput, wideOutput)
            above[index] += step
            below[index] -= step
            let slope =
                (reference(function, above, wideClean, shape) - reference(function, below, wideClean, shape))
                / (2 * step)
            let size = 1 / Double(shape.valueCount)
            #expect(abs(Double(gradient[index]) - slope) <= 1e-5 * (abs(slope) + size), "pixel \(index)")
        }
    }

    @Test(arguments: LossFunction.compared())
    func threadsDoNotMatter(_ function: LossFunction) throws {
        let shape = BatchShape(count: 2, height: 90, width: 101)
        let output = try AlignedBuffer(Formula.image(prefix: "output", count: 2, height: 90, width: 101))
        let clean = try AlignedBuffer(Formula.image(prefix: "clean", count: 2, height: 90, width: 101))
        let results = try [1, 2, 5].map { threads in
            let evaluator = try LossEvaluator(function, shape: shape, team: WorkerTeam(threadCount: threads))
            let loss = evaluator.evaluate(output: output, clean: clean)
            return (loss, evaluator.gradient.floats(in: 0..<shape.valueCount))
        }
        #expect(results.allSatisfy { $0.0 == results[0].0 && $0.1 == results[0].1 })
    }

    @Test(arguments: LossFunction.compared())
    func aBadNumberShows(_ function: LossFunction) throws {
        let shape = BatchShape(count: 1, height: 16, width: 16)
        var values = Formula.image(prefix: "output", count: 1, height: 16, width: 16)
        values[100] = .nan
        let clean = try AlignedBuffer(Formula.image(prefix: "clean", count: 1, height: 16, width: 16))
        let evaluator = try LossEvaluator(function, shape: shape, team: WorkerTeam(threadCount: 1))
        #expect(evaluator.evaluate(output: try AlignedBuffer(values), clean: clean).isNaN)
        #expect(evaluator.gradient.floats(in: 100..<101)[0].isNaN)
    }

    @Test func smallPicturesAreRefused() {
        #expect(throws: LossError.tooSmall(height: 10, width: 64)) {
            _ = try LossEvaluator(
                .l1SSIM(alpha: 0.84), shape: BatchShape(count: 1, height: 10, width: 64),
                team: WorkerTeam(threadCount: 1))
        }
    }
}
