import Glibc
import Products
import Tensors

/// A head's small matrices: the attention A and, from its temperature and moments, its normalised products.
extension TrainableChannelAttention {
    /// Floats of scratch for one head's matrices in the forward pass: A, and M as (channels, width).
    var matrixScratchCount: Int { paddedWidth * paddedWidth + channels * paddedWidth }

    /// `attention(i, j) = softmax over j of temperature · q_i · k_j / (‖q_i‖ ‖k_j‖)`, and these cosines.
    ///
    /// - Parameters:
    ///   - attention, cosines: (headWidth, paddedWidth); beyond the columns zero.
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

    /// `(channels, paddedWidth)`: `project_out` times the attention, by which v is multiplied.
    func transposedMatrix(
        _ head: Int, attention: UnsafePointer<Float>, out: UnsafeMutablePointer<Float>
    ) {
        multiply(
            UnsafePointer(projectOut.weight.values.base) + head * headWidth, rowStride: channels,
            stepStride: 1,
            rows: channels, depth: headWidth, attention, panelStride: FeatureMap.lane,
            weightStepStride: paddedWidth, out: out)
    }

    /// One head's rows of the matrix that all of v is multiplied by, packed by panels of output channels.
    func mix(_ head: Int, moments: FloatRun, matrix: FloatRun, scratch: FloatRun) {
        let attention = scratch.base
        let transposed = attention + paddedWidth * paddedWidth
        // The cosines are not needed here; their place is taken over at once.
        attend(
            head, moments: UnsafePointer(moments.base) + head * headMomentCount, attention: attention,
            cosines: transposed)
        transposedMatrix(head, attention: attention, out: transposed)
        let depth = partCount * FeatureMap.lane
        for channel in 0..<stride {
            let target =
                matrix.base + (channel / FeatureMap.lane * depth + head * paddedWidth) * FeatureMap.lane
                + channel % FeatureMap.lane
            for j in 0..<paddedWidth {
                target[j * FeatureMap.lane] = channel < channels ? transposed[channel * paddedWidth + j] : 0
            }
        }
    }

    /// `out = a · w`: (rows, paddedWidth), overwritten.
    ///
    /// - Parameters:
    ///   - a: value (r, k) lies at `r · rowStride + k · stepStride`.
    ///   - w: panels of a head's columns, `panelStride` floats apart, their rows `weightStepStride` floats apart.
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
