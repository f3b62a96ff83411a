import Glibc
import Tensors

extension TrainableFeedForward {
    /// The number of floats in the gradient sums of one group of pictures.
    package var sumCount: Int { projection.sumCount + pairCount * channels * FeatureMap.lane + stride }

    /// The gradient sums of `project_out`, after those of the projection: (channels, 16) for each gated
    /// panel, then the bias.
    private func outputSums(_ sums: FloatRun) -> FloatRun { sums.advanced(by: projection.sumCount) }
    private func biasSums(_ sums: FloatRun) -> FloatRun {
        sums.advanced(by: projection.sumCount + pairCount * channels * FeatureMap.lane)
    }

    /// Computes the backward pass for one picture.
    ///
    /// - Parameters:
    ///   - weights: packed for the backward pass.
    ///   - input: the input of the forward pass, which also left `kept`.
    ///   - gradient: the gradient with respect to the block's output, overwritten by that with respect to its
    ///     input.
    ///   - sums: `sumCount` floats, to which the weights' gradients are added.
    package func backward(
        _ weights: FloatRun, input: FeatureMap, gradient: FeatureMap, kept: KeptPanels, sums: FloatRun,
        scratch: TrainingScratch
    ) {
        let (height, width) = (input.height, input.width)
        let packed = packed(weights)
        let normalized = projection.normalize(
            input, into: scratch.picture, for: kept.backwardPurpose, team: scratch.team)
        let rounded = scratch.picture.advanced(
            by: projection.normalizedCount(height: height, width: width, for: .recomputingBackward))
        let slopes = OperandPixels(
            gradient, rounded: rounded, in: projection.precision, team: scratch.team)
        let back = projection.gradient(
            rounded.advanced(by: roundedCount(height: height, width: width)), height: height, width: width)
        let projectionSums = projection.sums(sums)
        scratch.team.run(count: taskCount) { task, worker in
            let pairs = pairs(task: task)
            let views = panels(scratch.worker(worker), height: height, width: width)
            let projected = project(
                packed, pairs: pairs, normalized: normalized.products, kept: kept, fresh: false,
                views.projected)
            openGate(pairs, packed, projected: projected, gradient: slopes, views: views, sums: sums)
            projection.backward(
                packed.projection, panels: 2 * pairs.lowerBound..<2 * pairs.upperBound,
                gradient: views.gradient, projected: projected, normalized: normalized.sums, target: back,
                sums: projectionSums)
        }
        if projectOut.bias != nil {
            Pixels.addSums(gradient, to: biasSums(sums))
        }
        projection.finish(
            packed.projection, gradient: back, input: input, normalized: normalized.sums, features: gradient,
            team: scratch.team)
    }

    /// Turns the gradient of the block's output into that of the depthwise convolution's output, and adds to
    /// the sums of `project_out`.
    private func openGate(
        _ pairs: Range<Int>, _ packed: Packed, projected: BorderedPanels,
        gradient: OperandPixels,
        views: (projected: PixelPanels, gradient: PixelPanels, convolved: PixelPanels, gated: PixelPanels),
        sums: FloatRun
    ) {
        PanelProducts.intoPanels(
            gradient.products, stride: stride, depth: channels,
            weights: UnsafePointer(packed.outputTransposed.base) + pairs.lowerBound * channels
                * FeatureMap.lane,
            panelStride: channels * FeatureMap.lane, arePaired: true,
            bias: UnsafePointer(packed.projection.zeros.base), biasPanelStride: 0,
            target: views.gated, panels: 0..<pairs.count)
        for (index, pair) in pairs.enumerated() {
            for half in 0..<2 {
                projection.convolve(
                    packed.projection, panel: 2 * pair + half, source: projected,
                    sourcePanel: 2 * index + half, target: .floats(views.convolved), targetPanel: half)
            }
            for y in 0..<projected.height {
                Gate.backward(
                    views.convolved.row(0, y), views.convolved.row(1, y), gradient: views.gated.row(index, y),
                    count: projected.width, output: views.gated.row(index, y),
                    firstGradient: views.gradient.row(2 * index, y),
                    secondGradient: views.gradient.row(2 * index + 1, y))
            }
        }
        gradient.sums.addSums(
            channels: channels, stride: stride, .float32(views.gated), panels: 0..<pairs.count,
            to: outputSums(sums).base + pairs.lowerBound * channels * FeatureMap.lane,
            sumStride: FeatureMap.lane, sumPanelStride: channels * FeatureMap.lane)
    }

    /// Adds the sums of all groups of pictures, in their order, to the tensors' gradients.
    ///
    /// - Parameters:
    ///   - groups: `groupCount` times `sumCount` floats.
    ///   - scratch: `reductionCount` floats.
    package func reduce(_ groups: FloatRun, groupCount: Int, scratch: FloatRun, team: WorkerTeam) {
        projection.reduce(
            groups, groupCount: groupCount, groupStride: sumCount, scratch: scratch, team: team)
        let gradients = projectOut.weight.gradients
        team.run(count: pairCount) { panel, _ in
            for group in 0..<groupCount {
                let source =
                    outputSums(groups.advanced(by: group * sumCount)).base + panel * channels
                    * FeatureMap.lane
                let first = panel * FeatureMap.lane
                let count = min(FeatureMap.lane, hiddenChannels - first)
                for channel in 0..<channels {
                    let row = gradients.base + channel * hiddenChannels + first
                    let sums = source + channel * FeatureMap.lane
                    if count == FeatureMap.lane {
                        store8(load8(row) + load8(sums), row)
                        store8(load8(row + 8) + load8(sums + 8), row + 8)
                    } else {
                        for lane in 0..<count { row[lane] += sums[lane] }
                    }
                }
            }
        }
        if let bias = projectOut.bias {
            for group in 0..<groupCount {
                let source = biasSums(groups.advanced(by: group * sumCount)).base
                for channel in 0..<channels { bias.gradients.base[channel] += source[channel] }
            }
        }
    }

    package var reductionCount: Int { projection.reductionCount }
}
