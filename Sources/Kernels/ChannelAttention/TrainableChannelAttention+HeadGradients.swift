import Glibc
import Tensors

/// The gradients of a head's small matrices.
extension TrainableChannelAttention {
    /// One head's matrices in the backward pass. Each has rows of `paddedWidth` floats.
    struct HeadMatrices {
        let attention: FloatRun
        let cosines: FloatRun
        /// The gradient with respect to q_i · k_j, and its transpose.
        let products: FloatRun
        let transposedProducts: FloatRun
        /// The factors of q_i and k_j in their own gradients.
        let queryScales: FloatRun
        let keyScales: FloatRun
        /// M transposed, (channels, width), and its gradient.
        let matrix: FloatRun
        let matrixGradient: FloatRun
    }

    var headScratchCount: Int { 4 * paddedWidth * paddedWidth + 2 * paddedWidth * (channels + 1) }

    func matrices(_ scratch: FloatRun, head: Int) -> HeadMatrices {
        let run = scratch.advanced(by: head * headScratchCount)
        let square = paddedWidth * paddedWidth
        let scales = run.advanced(by: 4 * square)
        let matrix = scales.advanced(by: 2 * paddedWidth)
        return HeadMatrices(
            attention: run, cosines: run.advanced(by: square), products: run.advanced(by: 2 * square),
            transposedProducts: run.advanced(by: 3 * square), queryScales: scales,
            keyScales: scales.advanced(by: paddedWidth), matrix: matrix,
            matrixGradient: matrix.advanced(by: channels * paddedWidth))
    }

    /// Computes one head's backward pass from M to the products q kᵀ, and adds to the sums of `project_out`
    /// and the temperature.
    func unmix(
        _ head: Int, moments: FloatRun, _ matrices: HeadMatrices, _ outputSums: FloatRun,
        _ temperatureSums: FloatRun
    ) {
        let (width, stride) = (headWidth, paddedWidth)
        let attention = UnsafePointer(matrices.attention.base)
        let norms = UnsafePointer(moments.base) + head * headMomentCount + stride * stride
        attend(
            head, moments: UnsafePointer(moments.base) + head * headMomentCount,
            attention: matrices.attention.base, cosines: matrices.cosines.base)
        sumOutputWeights(head, matrices, outputSums)
        transposedMatrix(head, attention: attention, out: matrices.matrix.base)
        // dA(i, j) = Σ_o W(o, i) dMᵀ(o, j). Rows that pad a head are multiplied by zeros of q, and must be
        // zero themselves.
        let slopes = matrices.products.base
        memset(slopes + width * stride, 0, (stride - width) * stride * 4)
        multiply(
            UnsafePointer(projectOut.weight.values.base) + head * width, rowStride: 1, stepStride: channels,
            rows: width, depth: channels, UnsafePointer(matrices.matrixGradient.base),
            panelStride: FeatureMap.lane,
            weightStepStride: stride, out: slopes)

        let factor = temperature.values.base[head]
        let (queryScales, keyScales) = (matrices.queryScales.base, matrices.keyScales.base)
        memset(queryScales, 0, 2 * stride * 4)
        memset(matrices.transposedProducts.base, 0, stride * stride * 4)
        let smallest = ChannelAttention.smallestNorm
        var temperatureSlope: Float = 0
        for i in 0..<width {
            let (row, cosines) = (slopes + i * stride, matrices.cosines.base + i * stride)
            let weights = attention + i * stride
            let queryNorm = norms[i].squareRoot()
            var mean: Float = 0
            for j in 0..<width { mean += row[j] * weights[j] }
            for j in 0..<width {
                let score = weights[j] * (row[j] - mean)
                temperatureSlope += score * cosines[j]
                let slope = score * factor
                let keyNorm = norms[stride + j].squareRoot()
                queryScales[i] -= slope * cosines[j]
                keyScales[j] -= slope * cosines[j]
                row[j] = slope / (max(queryNorm, smallest) * max(keyNorm, smallest))
                matrices.transposedProducts.base[j * stride + i] = row[j]
            }
            for j in width..<stride { row[j] = 0 }
        }
        for i in 0..<width {
            // A row that is divided by the smallest norm does not depend on its own length.
            queryScales[i] = norms[i].squareRoot() > smallest ? queryScales[i] / norms[i] : 0
            keyScales[i] = norms[stride + i].squareRoot() > smallest ? keyScales[i] / norms[stride + i] : 0
        }
        temperatureSums.base[head] += temperatureSlope
    }

    /// Adds dW(o, i) = Σ_j dMᵀ(o, j) A(i, j) to one head's columns of `project_out`'s sums. Overwrites
    /// `matrix` and `transposedProducts`.
    private func sumOutputWeights(_ head: Int, _ matrices: HeadMatrices, _ outputSums: FloatRun) {
        let (width, stride) = (headWidth, paddedWidth)
        let attention = UnsafePointer(matrices.attention.base)
        let transposed = matrices.transposedProducts.base
        for panel in 0..<panelsPerHead {
            PanelPacking.interleave(count: width, into: transposed + panel * stride * FeatureMap.lane) {
                lane in
                panel * FeatureMap.lane + lane < width
                    ? attention + (panel * FeatureMap.lane + lane) * stride : nil
            }
        }
        let slopes = matrices.matrix.base
        multiply(
            UnsafePointer(matrices.matrixGradient.base), rowStride: stride, stepStride: 1, rows: channels,
            depth: width, UnsafePointer(transposed), panelStride: stride * FeatureMap.lane,
            weightStepStride: FeatureMap.lane, out: slopes)
        for channel in 0..<channels {
            let sums = outputSums.base + channel * channels + head * width
            for column in 0..<width { sums[column] += slopes[channel * stride + column] }
        }
    }
}
