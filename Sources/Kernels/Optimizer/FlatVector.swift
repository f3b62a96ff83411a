import Tensors

/// Treats all parameters or gradients as one long vector.
package enum FlatVector {
    /// Sets `count` values to zero.
    package static func zero(_ values: AlignedBuffer, count: Int, team: WorkerTeam) {
        precondition(values.count >= count, "FlatVector: a buffer is too small")
        Chunks.run(count: count, team: team) { chunk in
            FloatRun(values, offset: chunk.lowerBound).zero(count: chunk.count)
        }
    }

    /// Returns the sum of squares of `count` values, which is not finite if one of them is not, or if its square
    /// exceeds float32. It does not depend on the number of threads.
    package static func sumOfSquares(_ values: AlignedBuffer, count: Int, team: WorkerTeam) -> Double {
        precondition(values.count >= count, "FlatVector: the buffer is too small")
        return Chunks.sum(count: count, team: team) { chunk in
            var sum = 0.0
            var index = chunk.lowerBound
            // Short sums of eight lanes in float32 are exact enough; long sums are in double.
            let blockLength = 512
            while index + blockLength <= chunk.upperBound {
                var block = Vector8()
                for offset in stride(from: 0, to: blockLength, by: 8) {
                    let value = load8(values.base + index + offset)
                    block = block.addingProduct(value, value)
                }
                sum += Double(block.sum())
                index += blockLength
            }
            while index < chunk.upperBound {
                sum += Double(values.base[index] * values.base[index])
                index += 1
            }
            return sum
        }
    }

    /// Computes minuend − subtrahend for `count` values. The result may be either buffer.
    package static func difference(
        _ minuend: AlignedBuffer, _ subtrahend: AlignedBuffer, into result: AlignedBuffer, count: Int,
        team: WorkerTeam
    ) {
        precondition(
            min(minuend.count, subtrahend.count, result.count) >= count, "FlatVector: a buffer is too small")
        Chunks.run(count: count, team: team) { chunk in
            for index in chunk { result.base[index] = minuend.base[index] - subtrahend.base[index] }
        }
    }

    /// Computes average += share · (values − average), an exponential moving average with decay 1 − share.
    package static func average(
        _ values: AlignedBuffer, into average: AlignedBuffer, share: Double, count: Int, team: WorkerTeam
    ) {
        precondition(min(values.count, average.count) >= count, "FlatVector: a buffer is too small")
        let share = Float(share)
        Chunks.run(count: count, team: team) { chunk in
            let (source, target) = (UnsafePointer(values.base), average.base)
            for index in chunk {
                target[index] = target[index].addingProduct(share, source[index] - target[index])
            }
        }
    }
}
