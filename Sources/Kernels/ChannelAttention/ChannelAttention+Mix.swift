import Glibc
import Tensors

extension ChannelAttention {
    /// The smallest norm by which a row is divided (PyTorch `F.normalize`).
    static let smallestNorm: Float = 1e-12

    /// Floats of scratch that `mix` needs.
    package var mixScratchCount: Int {
        let width = channels / heads
        return FeatureMap.paddedChannels(width * width) + width * FeatureMap.paddedChannels(channels)
    }

    /// Floats of the matrix that `mix` computes: panels of 16 columns, depth `channels`.
    package var matrixCount: Int { channels * FeatureMap.paddedChannels(channels) }

    /// Turns the strips' sums into the matrix that `apply` multiplies v by.
    ///
    /// - Parameters:
    ///   - sums: `stripCount` times `sumCount` floats; the first is overwritten.
    ///   - matrix: `matrixCount` floats, overwritten. No overlap.
    package func mix(sums: FloatRun, stripCount: Int, matrix: FloatRun, scratch: FloatRun) {
        let (sums, matrix, scratch) = (sums.base, matrix.base, scratch.base)
        // The sums are added in the order of the strips, so that the result does not depend on which thread finished
        // first.
        for strip in 1..<max(1, stripCount) {
            let part = sums + strip * sumCount
            for index in 0..<sumCount { sums[index] += part[index] }
        }
        let width = channels / heads
        let stride = FeatureMap.paddedChannels(channels)
        let attention = scratch
        let product = scratch + FeatureMap.paddedChannels(width * width)
        memset(matrix, 0, matrixCount * 4)
        for head in 0..<heads {
            softmax(head, sums + head * headSumCount, into: attention)
            // (Aᵀ W_outᵀ)(j, o) = Σ_i A(i, j) · W_out(o, head·width + i)
            SmallProduct.multiplyTransposed(
                attention, outputTransposed.base + head * width * stride, bStride: stride, rows: width,
                columns: channels, depth: width, out: product, outStride: stride)
            pack(product, rows: head * width..<(head + 1) * width, into: matrix)
        }
    }

    /// softmax over j of q_i · k_j · temperature / (‖q_i‖ ‖k_j‖).
    private func softmax(
        _ head: Int, _ sums: UnsafePointer<Float>, into attention: UnsafeMutablePointer<Float>
    ) {
        let width = channels / heads
        let queryNorms = sums + paddedHeadWidth * paddedHeadWidth
        let keyNorms = queryNorms + paddedHeadWidth
        for i in 0..<width {
            let queryScale = temperature[head] / max(queryNorms[i].squareRoot(), Self.smallestNorm)
            var largest = -Float.infinity
            for j in 0..<width {
                let score =
                    sums[i * paddedHeadWidth + j] * queryScale
                    / max(keyNorms[j].squareRoot(), Self.smallestNorm)
                attention[i * width + j] = score
                largest = max(largest, score)
            }
            var total: Float = 0
            for j in 0..<width {
                let power = expf(attention[i * width + j] - largest)
                attention[i * width + j] = power
                total += power
            }
            for j in 0..<width { attention[i * width + j] /= total }
        }
    }

    private func pack(
        _ product: UnsafePointer<Float>, rows: Range<Int>, into matrix: UnsafeMutablePointer<Float>
    ) {
        let lane = FeatureMap.lane
        let stride = FeatureMap.paddedChannels(channels)
        for (index, row) in rows.enumerated() {
            for column in 0..<channels {
                matrix[(column / lane) * channels * lane + row * lane + column % lane] =
                    product[index * stride + column]
            }
        }
    }
}
