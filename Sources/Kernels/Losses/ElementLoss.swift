import Tensors

/// Losses that are a mean over elements, with their gradients with respect to the output: PyTorch's `mse_loss` and
/// `l1_loss`.
///
/// The gradient is overwritten. Sums are in double, in an order that does not depend on
/// the number of threads. Buffers hold at least `count` floats and do not overlap.
package enum ElementLoss {
    /// Computes mean((output − target)²); gradient = 2 (output − target) / count.
    package static func squared(
        output: AlignedBuffer, target: AlignedBuffer, count: Int, gradient: AlignedBuffer, team: WorkerTeam
    ) -> Double {
        check(count, output, target, gradient)
        let scale = Float(2 / Double(count))
        let sum = Chunks.sum(count: count, team: team) { chunk in
            var sum = 0.0
            for index in chunk {
                let difference = output.base[index] - target.base[index]
                gradient.base[index] = scale * difference
                let exact = Double(difference)
                sum += exact * exact
            }
            return sum
        }
        return sum / Double(count)
    }

    /// Computes mean(|output − target|); gradient = factor · sign(output − target) / count, 0 where they are
    /// equal.
    package static func absolute(
        output: AlignedBuffer, target: AlignedBuffer, count: Int, factor: Double, gradient: AlignedBuffer,
        team: WorkerTeam
    ) -> Double {
        check(count, output, target, gradient)
        let scale = Float(factor / Double(count))
        let sum = Chunks.sum(count: count, team: team) { chunk in
            var sum = 0.0
            for index in chunk {
                let difference = output.base[index] - target.base[index]
                // `copysign` would not do, because NaN must reach the gradient.
                gradient.base[index] =
                    difference > 0 ? scale : difference < 0 ? -scale : difference == 0 ? 0 : difference
                sum += Double(difference.magnitude)
            }
            return sum
        }
        return sum / Double(count)
    }

    /// Returns only mean((output − target)²).
    package static func meanSquaredError(
        output: AlignedBuffer, target: AlignedBuffer, count: Int, team: WorkerTeam
    ) -> Double {
        check(count, output, target)
        return Chunks.sum(count: count, team: team) { chunk in
            chunk.reduce(0) { sum, index in
                let difference = Double(output.base[index] - target.base[index])
                return sum + difference * difference
            }
        } / Double(count)
    }

    private static func check(_ count: Int, _ buffers: AlignedBuffer...) {
        precondition(
            count > 0 && buffers.allSatisfy { $0.count >= count }, "ElementLoss: a buffer is too small")
    }
}
