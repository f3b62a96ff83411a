import Glibc
import Tensors

extension TrainableChannelAttention {
    /// The number of floats in the gradient sums of one group of pictures.
    package var sumCount: Int {
        projection.sumCount + channels * channels + stride + FeatureMap.paddedChannels(heads)
    }

    /// The sums after those of the projection: `project_out` (channels, channels), its bias, and the
    /// temperatures.
    private struct OutputSums {
        let weight: FloatRun
        let bias: FloatRun
        let temperature: FloatRun
    }

    private func outputSums(_ sums: FloatRun) -> OutputSums {
        let weight = sums.advanced(by: projection.sumCount)
        let bias = weight.advanced(by: channels * channels)
        return OutputSums(weight: weight, bias: bias, temperature: bias.advanced(by: stride))
    }

    /// One head's matrices in the backward pass. Each has rows of `paddedWidth` floats.
    private struct HeadMatrices {
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

    private var headScratchCount: Int { 4 * paddedWidth * paddedWidth + 2 * paddedWidth * (channels + 1) }

    private func matrices(_ scratch: FloatRun, head: Int) -> HeadMatrices {
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

    /// The number of floats of scratch memory for a picture: normalised features; in mixed precision the rounded
    /// gradient; q, k and v, their gradients before the depthwise convolution and, unless kept, the projected
    /// features; the heads' matrices.
    package func backwardScratchCount(height: Int, width: Int) -> Int {
        projection.normalizedCount(height: height, width: width, for: .recomputingBackward)
            + roundedCount(height: height, width: width)
            + queryAndKeyCount(height * width)
            + SumPanels.count(panels: partCount, height: height, width: width, in: projection.precision)
            + projection.gradientCount(height: height, width: width)
            + keptCount(height: height, width: width)
            + heads * headScratchCount
    }

    /// The number of floats in q and k after the depthwise convolution.
    private func queryAndKeyCount(_ pixelCount: Int) -> Int {
        ProductPanels.count(
            panels: 2 * partCount, pixelCount: pixelCount, groupSize: panelsPerHead,
            in: projection.precision)
    }

    /// The number of floats in the rounded gradient with respect to the block's output.
    private func roundedCount(height: Int, width: Int) -> Int {
        OperandPixels.roundedCount(
            height: height, width: width, stride: stride, in: projection.precision)
    }

    /// Computes the backward pass for one picture.
    ///
    /// - Parameters:
    ///   - weights: packed for the backward pass.
    ///   - input: the input of the forward pass, which also left `kept` and `moments`.
    ///   - gradient: the gradient with respect to the block's output, overwritten by that with respect to its
    ///     input.
    ///   - sums: `sumCount` floats, to which the weights' gradients are added.
    package func backward(
        _ weights: FloatRun, input: FeatureMap, gradient: FeatureMap, kept: KeptPanels, moments: FloatRun,
        sums: FloatRun, scratch: TrainingScratch
    ) {
        let (height, width) = (input.height, input.width)
        let packed = projection.packed(weights)
        let normalized = projection.normalize(
            input, into: scratch.picture, for: kept.backwardPurpose, team: scratch.team)
        var run = scratch.picture.advanced(
            by: projection.normalizedCount(height: height, width: width, for: .recomputingBackward))
        func take(_ count: Int) -> FloatRun {
            defer { run = run.advanced(by: count) }
            return run
        }
        @Sendable func panels(_ run: FloatRun, _ border: Int) -> PixelPanels {
            PixelPanels(run, height: height, width: width, border: border)
        }
        let slopes = OperandPixels(
            gradient, rounded: take(roundedCount(height: height, width: width)), in: projection.precision,
            team: scratch.team)
        let queriesAndKeys = ProductPanels(
            take(queryAndKeyCount(input.pixelCount)), height: height, width: width,
            groupSize: panelsPerHead, in: projection.precision)
        let values = SumPanels(
            take(SumPanels.count(panels: partCount, height: height, width: width, in: projection.precision)),
            height: height, width: width, in: projection.precision)
        let back = projection.gradient(
            take(projection.gradientCount(height: height, width: width)), height: height, width: width)
        let projectedScratch = panels(take(keptCount(height: height, width: width)), 1)
        let small = run
        gather(
            packed, normalized: normalized.products, kept: kept, fresh: false, projected: projectedScratch,
            queriesAndKeys: queriesAndKeys.target, values: values.target, height: height, width: width,
            scratch: scratch)

        let outputs = outputSums(sums)
        sumMatrixGradients(values, gradient: slopes.sums, small, team: scratch.team)
        scratch.team.run(count: heads) { head, _ in
            unmix(head, moments: moments, matrices(small, head: head), outputs.weight, outputs.temperature)
        }
        let (count, step) = (projection.panelCount, Self.panelsPerTask)
        scratch.team.run(count: (count + step - 1) / step) { task, worker in
            let range = task * step..<min((task + 1) * step, count)
            let gradients = panels(scratch.worker(worker), 1)
            for (index, panel) in range.enumerated() {
                spread(
                    panel, queriesAndKeys, gradient: slopes.products, small, packed, target: gradients, index)
            }
            let projected =
                kept.panels(from: range.lowerBound, height: height, width: width)
                ?? .floats(projectedScratch.from(panel: range.lowerBound))
            projection.backward(
                packed, panels: range, gradient: gradients,
                projected: projected, normalized: normalized.sums,
                target: back, sums: projection.sums(sums))
        }
        if projectOut.bias != nil {
            Pixels.addSums(gradient, to: outputs.bias)
        }
        projection.finish(
            packed, gradient: back, input: input, normalized: normalized.sums, features: gradient,
            team: scratch.team)
    }

    /// Computes the gradient of Mᵀ, `Σ_pixels dy vᵀ`, for all heads, panel by panel of v.
    private func sumMatrixGradients(
        _ values: SumPanels, gradient: SumPixels, _ small: FloatRun, team: WorkerTeam
    ) {
        // The matrix unit multiplies two panels at a time.
        let step = projection.precision == .mixed ? 2 : 1
        let tasksPerHead = (panelsPerHead + step - 1) / step
        team.run(count: heads * tasksPerHead) { task, _ in
            let (head, part) = (task / tasksPerHead, task % tasksPerHead * step)
            let count = min(step, panelsPerHead - part)
            let target = matrices(small, head: head).matrixGradient.base + part * FeatureMap.lane
            for channel in 0..<channels {
                memset(target + channel * paddedWidth, 0, count * FeatureMap.lane * 4)
            }
            let value = head * panelsPerHead + part
            gradient.addSums(
                channels: channels, stride: stride, values, panels: value..<value + count, to: target,
                sumStride: paddedWidth, sumPanelStride: FeatureMap.lane)
        }
    }

    /// Computes one head's backward pass from M to the products q kᵀ, and adds to the sums of `project_out`
    /// and the temperature.
    private func unmix(
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

    /// Computes the gradient of one panel of q, k or v, and writes it to panel `index` of a target with a
    /// border.
    private func spread(
        _ panel: Int, _ queriesAndKeys: ProductPanels, gradient: ProductPixels, _ small: FloatRun,
        _ packed: TrainableProjection.Packed, target: PixelPanels, _ index: Int
    ) {
        let kind = panel / partCount
        let (head, part) = (panel % partCount / panelsPerHead, panel % panelsPerHead)
        let matrices = matrices(small, head: head)
        guard kind < 2 else {
            PanelProducts.intoPanels(
                gradient, stride: stride, depth: channels,
                weights: UnsafePointer(matrices.matrix.base) + part * FeatureMap.lane,
                panelStride: FeatureMap.lane, stepStride: paddedWidth, arePaired: false,
                bias: UnsafePointer(packed.zeros.base), biasPanelStride: 0,
                target: target, panels: index..<index + 1)
            return
        }
        // dq_i = Σ_j dS(i, j) k_j + scale_i q_i. The weights (k = j, column = i) are therefore dS transposed.
        let scales = (kind == 0 ? matrices.queryScales : matrices.keyScales).base + part * FeatureMap.lane
        let weights =
            (kind == 0 ? matrices.transposedProducts : matrices.products).base + part * FeatureMap.lane
        let others = (1 - kind) * partCount + head * panelsPerHead
        switch queriesAndKeys {
        case .float32(let panels):
            for y in 0..<panels.height {
                PanelProducts.scale(
                    panels.row(panel, y), count: panels.width, by: scales, into: target.row(index, y))
                PanelProducts.addRow(
                    panels, panels: others..<others + panelsPerHead, y: y, weights: weights,
                    stepStride: paddedWidth, target: target.row(index, y))
            }
        case .mixed(let panels):
            PanelProducts.intoPanels(
                .mixed(FloatRun(panels.pixel(others, 0))), stride: paddedWidth, depth: paddedWidth,
                weights: weights, panelStride: FeatureMap.lane, stepStride: paddedWidth, arePaired: false,
                bias: UnsafePointer(packed.zeros.base), biasPanelStride: 0, target: target,
                panels: index..<index + 1
            ) { rows in
                for y in rows {
                    BFloat16.build.addScaled(
                        panels.pixel(panel, y * target.width), stride: panels.pixelStride,
                        count: target.width, by: scales, to: target.row(index, y))
                }
            }
        }
    }

    /// Adds the sums of all groups of pictures, in their order, to the tensors' gradients.
    ///
    /// - Parameters:
    ///   - groups: `groupCount` times `sumCount` floats.
    ///   - scratch: `reductionCount` floats.
    package func reduce(_ groups: FloatRun, groupCount: Int, scratch: FloatRun, team: WorkerTeam) {
        projection.reduce(
            groups, groupCount: groupCount, groupStride: sumCount, scratch: scratch, team: team)
        for group in 0..<groupCount {
            let sums = outputSums(groups.advanced(by: group * sumCount))
            let weight = projectOut.weight.gradients.base
            for index in 0..<channels * channels { weight[index] += sums.weight.base[index] }
            for head in 0..<heads { temperature.gradients.base[head] += sums.temperature.base[head] }
            if let bias = projectOut.bias?.gradients.base {
                for channel in 0..<channels { bias[channel] += sums.bias.base[channel] }
            }
        }
    }

    package var reductionCount: Int { projection.reductionCount }
}
