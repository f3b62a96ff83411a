import Glibc
import Products
import Tensors

/// Computes a head's small matrices from its temperature and moments: the attention A and the normalised
/// products.
extension TrainableChannelAttention {
    /// The number of floats of scratch memory for one head's matrices in the forward pass: A, and M as
    /// (channels, width).
    var matrixScratchCount: Int { paddedWidth * paddedWidth + channels * paddedWidth }

    /// Computes `attention(i, j) = softmax over j of temperature · q_i · k_j / (‖q_i‖ ‖k_j‖)`, and the
    /// cosines q_i · k_j / (‖q_i‖ ‖k_j‖).
    ///
    /// - Parameters:
    ///   - attention, cosines: (headWidth, paddedWidth), overwritten; the padding columns become zero.
    func attend(
        _ head: Int, moments: UnsafePointer<Float>, attention: UnsafeMutablePointer<Float>,
        cosines: UnsafeMutablePointer<Float>
    ) {
        let (width, stride) = (headWidth, paddedWidth)
        let queryNorms = moments + stride * stride
        let keyNorms = queryNorms + stride
        let factor = temperature.values.base[head]
        for i in 0..<width {
            let row = attention + i * stride
            let cosineRow = cosines + i * stride
            let query = 1 / max(queryNorms[i].squareRoot(), ChannelAttention.smallestNorm)
            var largest = -Float.infinity
            for j in 0..<width {
                let cosine =
                    moments[i * stride + j] * query
                    / max(keyNorms[j].squareRoot(), ChannelAttention.smallestNorm)
                cosineRow[j] = cosine
                largest = max(largest, cosine * factor)
            }
            var total: Float = 0
            for j in 0..<width {
                let power = expf(cosineRow[j] * factor - largest)
                row[j] = power
                total += power
            }
            for j in 0..<width { row[j] /= total }
            for j in width..<stride {
                row[j] = 0
                cosineRow[j] = 0
            }
        }
    }

    /// Computes `project_out` times the attention, by which v is multiplied, as (channels, paddedWidth).
    func transposedMatrix(
        _ head: Int, attention: UnsafePointer<Float>, out: UnsafeMutablePointer<Float>
    ) {
        multiply(
            UnsafePointer(projectOut.weight.values.base) + head * headWidth, rowStride: channels,
            stepStride: 1,
            rows: channels, depth: headWidth, attention, panelStride: FeatureMap.lane,
            weightStepStride: paddedWidth, out: out)
    }

    /// Computes one head's rows of the matrix by which all of v is multiplied, packed in panels of output
    /// channels.
    func mix(_ head: Int, moments: FloatRun, matrix: FloatRun, scratch: FloatRun) {
        let attention = scratch.base
        let transposed = attention + paddedWidth * paddedWidth
        // The cosines are not needed here, so their memory is reused at once.
        attend(
            head, moments: UnsafePointer(moments.base) + head * headMomentCount, attention: attention,
            cosines: transposed)
        transposedMatrix(head, attention: attention, out: transposed)
        let depth = partCount * FeatureMap.lane
        for first in Swift.stride(from: 0, to: stride, by: FeatureMap.lane) {
            PanelPacking.interleave(
                count: paddedWidth, into: matrix.base + first * depth + head * paddedWidth * FeatureMap.lane
            ) { lane in
                first + lane < channels ? UnsafePointer(transposed) + (first + lane) * paddedWidth : nil
            }
        }
    }

    /// Computes `out = a · w`, (rows, paddedWidth), overwritten.
    ///
    /// - Parameters:
    ///   - a: value (r, k) is at `r · rowStride + k · stepStride`.
    ///   - w: panels of a head's columns, `panelStride` floats apart, with rows `weightStepStride` floats
    ///     apart.
    func multiply(
        _ a: UnsafePointer<Float>, rowStride: Int, stepStride: Int, rows: Int, depth: Int,
        _ w: UnsafePointer<Float>, panelStride: Int, weightStepStride: Int,
        out: UnsafeMutablePointer<Float>
    ) {
        memset(out, 0, rows * paddedWidth * 4)
        Product.multiply(
            ProductOperands(
                rows: rows, depth: depth, panelCount: panelsPerHead, a: a, rowStride: rowStride,
                stepStride: stepStride, weights: w, weightPanelStride: panelStride,
                weightStepStride: weightStepStride, out: out, outStride: paddedWidth,
                outPanelStride: FeatureMap.lane, addend: UnsafePointer(out), addendStride: paddedWidth,
                addendPanelStride: FeatureMap.lane))
    }
}
