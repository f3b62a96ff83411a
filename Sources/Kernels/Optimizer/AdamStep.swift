import Products
import Tensors

/// One step of AdamW (Loshchilov & Hutter 2019) with the arithmetic and the order of PyTorch's `torch.optim.AdamW`.
package struct AdamStep: Sendable {
    package var learningRate: Double
    package var weightDecay: Double
    package var firstDecay: Double
    package var secondDecay: Double
    package var epsilon: Double
    /// The number of the step, counted from 1, for the bias correction.
    package var number: Int
    /// The factor by which gradients are multiplied first, to undo the loss scale and to clip.
    package var gradientFactor: Float

    package init(
        learningRate: Double, weightDecay: Double, firstDecay: Double, secondDecay: Double, epsilon: Double,
        number: Int, gradientFactor: Float
    ) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.epsilon = epsilon
        self.number = number
        self.gradientFactor = gradientFactor
    }

    /// Updates the parameters of a range and their moments in place. The buffers do not overlap.
    package func apply(
        parameters: AlignedBuffer, gradients: AlignedBuffer, firstMoment: AlignedBuffer,
        secondMoment: AlignedBuffer, range: Range<Int>, team: WorkerTeam
    ) {
        precondition(
            [parameters, gradients, firstMoment, secondMoment].allSatisfy { $0.count >= range.upperBound },
            "AdamStep: a buffer is too small")
        precondition(number > 0, "AdamStep: steps count from 1")
        let factors = factors
        Chunks.run(count: range.count, team: team) { chunk in
            let start = range.lowerBound + chunk.lowerBound
            Float32.build.adam(
                AdamOperands(
                    parameters: parameters.base + start, gradients: UnsafePointer(gradients.base + start),
                    firstMoments: firstMoment.base + start, secondMoments: secondMoment.base + start,
                    count: chunk.count),
                factors)
        }
    }

    private var factors: AdamFactors {
        AdamFactors(
            gradient: gradientFactor, keep: Float(1 - learningRate * weightDecay),
            firstShare: Float(1 - firstDecay), secondKeep: Float(secondDecay),
            secondShare: Float(1 - secondDecay),
            stepSize: Float(learningRate / (1 - power(firstDecay, number))),
            rootCorrection: Float(1 / (1 - power(secondDecay, number)).squareRoot()),
            epsilon: Float(epsilon))
    }

    /// Raises a number to a power. Repeated multiplication gives the same result on every machine; libm's pow
    /// need not.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
