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
