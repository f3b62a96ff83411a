import Glibc
import Products
import Tensors

extension ChannelAttention {
    /// The smallest norm by which a row is divided (PyTorch `F.normalize`).
    static let smallestNorm: Float = 1e-12

    /// The number of floats of scratch memory that `mix` needs.
    package var mixScratchCount: Int { FeatureMap.paddedChannels((channels / heads) * (channels / heads)) }

    /// The number of floats in the matrix that `mix` computes: panels of 16 columns, depth `channels`; in int8 what
    /// `ProductScales.columns` describes follows it.
    package var matrixCount: Int {
        weightCount
            + (precision == .int8
                ? FeatureMap.paddedChannels(channels) / FeatureMap.lane * ProductScales.panelStride : 0)
    }
    var weightCount: Int { channels * FeatureMap.paddedChannels(channels) }

    /// Turns the strips' sums into the matrix by which `apply` multiplies v.
    ///
    /// - Parameters:
    ///   - sums: `stripCount` times `sumCount` floats; the first is overwritten.
    ///   - matrix: `matrixCount` floats, overwritten. The buffers must not overlap.
    package func mix(sums: FloatRun, stripCount: Int, matrix: FloatRun, scratch: FloatRun) {
        let (sums, matrix, scratch) = (sums.base, matrix.base, scratch.base)
        // The sums are added in the order of the strips, so that the result does not depend on which thread finished
        // first.
        for strip in 1..<max(1, stripCount) {
            let part = sums + strip * sumCount
            for index in 0..<sumCount { sums[index] += part[index] }
        }
        memset(matrix, 0, weightCount * 4)
        for head in 0..<heads {
            softmax(head, sums + head * headSumCount, into: scratch)
            multiply(head, attention: scratch, into: matrix)
        }
        let panelCount = FeatureMap.paddedChannels(channels) / FeatureMap.lane
        switch precision {
        case .float32: break
        case .bfloat16, .bfloat16AMX: BFloat16.build.pairRows(matrix, depth: channels, panelCount: panelCount)
        case .int8:
            Int8Operands.build.quantizeColumns(
                matrix, depth: channels, panelCount: panelCount, columns: matrix + weightCount)
        }
    }

    /// Computes the softmax over j of q_i · k_j · temperature / (‖q_i‖ ‖k_j‖).
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

    /// Computes one head's rows of the matrix, which must be zero: (Aᵀ W_outᵀ)(j, o) = Σ_i A(i, j) · W_out(o,
    /// head·width + i).
    private func multiply(
        _ head: Int, attention: UnsafePointer<Float>, into matrix: UnsafeMutablePointer<Float>
    ) {
        let lane = FeatureMap.lane
        let width = channels / heads
        let stride = FeatureMap.paddedChannels(channels)
        let rows = matrix + head * width * lane
        Product.multiply(
            ProductOperands(
                rows: width, depth: width, panelCount: stride / lane,
                a: attention, rowStride: 1, stepStride: width,
                weights: UnsafePointer(outputTransposed.base) + head * width * stride,
                weightPanelStride: lane, weightStepStride: stride,
                out: rows, outStride: lane, outPanelStride: channels * lane,
                addend: UnsafePointer(rows), addendStride: lane, addendPanelStride: channels * lane))
    }
}
