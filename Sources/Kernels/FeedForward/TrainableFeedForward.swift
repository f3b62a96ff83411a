import Glibc
import Tensors

/// The gated feed-forward half of a transformer block for training (see `FeedForward`): `y = x +
/// project_out(gelu(first) · second)` with `first, second = dwconv(project_in(norm(x)))`.
///
/// A pair of panels of the hidden features, one of each half, is processed from the norm to the gate before
/// the next pair.
package struct TrainableFeedForward: Sendable {
    package let channels: Int
    package let hiddenChannels: Int
    /// The panels alternate between 16 channels of the first half and the corresponding channels of the
    /// second.
    let projection: TrainableProjection
    /// (channels, hidden)
    let projectOut: TrainableFilter

    package init(
        channels: Int, hiddenChannels: Int, norm: TrainableNorm, projectIn: TrainableFilter,
        depthwise: TrainableFilter, projectOut: TrainableFilter, precision: TrainingPrecision = .float32
    ) {
        self.channels = channels
        self.hiddenChannels = hiddenChannels
        self.projectOut = projectOut
        var columns: [Int] = []
        for start in Swift.stride(from: 0, to: hiddenChannels, by: FeatureMap.lane) {
            for half in 0..<2 {
                columns += (start..<start + FeatureMap.lane).map {
                    $0 < hiddenChannels ? half * hiddenChannels + $0 : -1
                }
            }
        }
        projection = TrainableProjection(
            channels: channels, norm: norm, pointwise: projectIn, depthwise: depthwise, columns: columns,
            precision: precision)
    }

    /// The number of panels of the gated features.
    var pairCount: Int { projection.panelCount / 2 }
    var stride: Int { FeatureMap.paddedChannels(channels) }

    /// The number of pairs that a task processes: two if there are many pairs.
    var pairsPerTask: Int { pairCount >= 8 ? 2 : 1 }
    var taskCount: Int { (pairCount + pairsPerTask - 1) / pairsPerTask }

    func pairs(task: Int) -> Range<Int> {
        task * pairsPerTask..<min((task + 1) * pairsPerTask, pairCount)
    }

    struct Packed: Sendable {
        let projection: TrainableProjection.Packed
        /// For the forward pass: panels of 16 output channels, as deep as the gated panels.
        let output: FloatRun
        /// For the backward pass: panels of 16 gated channels, `channels` deep.
        let outputTransposed: FloatRun
    }

    /// The number of floats in the packed weights.
    package var packedCount: Int {
        projection.packedCount + pairCount * FeatureMap.lane * (stride + channels)
    }

    func packed(_ run: FloatRun) -> Packed {
        let output = run.advanced(by: projection.packedCount)
        return Packed(
            projection: projection.packed(run), output: output,
            outputTransposed: output.advanced(by: pairCount * FeatureMap.lane * stride))
    }

    /// Packs the current weights. It must be called before each batch.
    package func pack(into run: FloatRun, for purpose: PackPurpose, team: WorkerTeam) {
        projection.pack(into: run, for: purpose, team: team)
        let packed = packed(run)
        let weights = projectOut.weight.values
        guard purpose == .forward else {
            team.run(count: pairCount) { panel, _ in
                let count = min(FeatureMap.lane, hiddenChannels - panel * FeatureMap.lane)
                for channel in 0..<channels {
                    let target = packed.outputTransposed.base + (panel * channels + channel) * FeatureMap.lane
                    let source = weights.base + channel * hiddenChannels + panel * FeatureMap.lane
                    for lane in 0..<count { target[lane] = source[lane] }
                    for lane in count..<FeatureMap.lane { target[lane] = 0 }
                }
                pair(packed.outputTransposed.base + panel * channels * FeatureMap.lane, depth: channels)
            }
            return
        }
        team.run(count: stride / FeatureMap.lane) { panel, _ in
            let target = packed.output.base + panel * pairCount * 256
            PanelPacking.interleave(count: hiddenChannels, into: target) { lane in
                panel * FeatureMap.lane + lane < channels
                    ? UnsafePointer(weights.base) + (panel * FeatureMap.lane + lane) * hiddenChannels : nil
            }
            memset(
                target + hiddenChannels * FeatureMap.lane, 0,
                (pairCount * FeatureMap.lane - hiddenChannels) * FeatureMap.lane * 4)
            pair(target, depth: pairCount * FeatureMap.lane)
        }
    }

    private func pair(_ panel: UnsafeMutablePointer<Float>, depth: Int) {
        if projection.precision == .mixed { MixedProduct.pair(panel, depth: depth) }
    }

    /// The number of floats in a picture's projected features, if they are kept.
    package func keptCount(height: Int, width: Int) -> Int {
        PixelPanels.count(panels: projection.panelCount, height: height, width: width, border: 1)
    }

    /// The number of floats of scratch memory for a picture: the normalised features and the gated ones; or, in
    /// the backward pass, the normalised features, in mixed precision the rounded gradient, and the gradient of
    /// the projected features.
    package func pictureScratchCount(height: Int, width: Int) -> Int {
        max(
            projection.normalizedCount(height: height, width: width, for: .forward)
                + ProductPanels.count(
                    panels: pairCount, pixelCount: height * width, in: projection.precision),
            projection.normalizedCount(height: height, width: width, for: .recomputingBackward)
                + roundedCount(height: height, width: width)
                + projection.gradientCount(height: height, width: width))
    }

    /// The number of floats in the rounded gradient with respect to the block's output.
    func roundedCount(height: Int, width: Int) -> Int {
        OperandPixels.roundedCount(
            height: height, width: width, stride: stride, in: projection.precision)
    }

    /// The number of floats of scratch memory for a thread.
    package func workerScratchCount(height: Int, width: Int) -> Int {
        PixelPanels.count(panels: 4 * pairsPerTask, height: height, width: width, border: 1)
            + PixelPanels.count(panels: 3 * pairsPerTask, height: height, width: width, border: 0)
    }

    /// Returns the views of a task's panels in its scratch memory.
    func panels(
        _ scratch: FloatRun, height: Int, width: Int
    ) -> (projected: PixelPanels, gradient: PixelPanels, convolved: PixelPanels, gated: PixelPanels) {
        func view(_ run: FloatRun, _ border: Int) -> PixelPanels {
            PixelPanels(run, height: height, width: width, border: border)
        }
        let count = 2 * pairsPerTask
        let bordered = PixelPanels.count(panels: count, height: height, width: width, border: 1)
        let plain = PixelPanels.count(panels: count, height: height, width: width, border: 0)
        let convolved = scratch.advanced(by: 2 * bordered)
        return (
            view(scratch, 1), view(scratch.advanced(by: bordered), 1), view(convolved, 0),
            view(convolved.advanced(by: plain), 0)
        )
    }

    /// Computes the block's output for one picture.
    ///
    /// - Parameters:
    ///   - kept: the memory for this picture's projected features, which are stored there.
    ///   - output: overwritten. Must not overlap `input`.
    package func forward(
        _ weights: FloatRun, input: FeatureMap, output: FeatureMap, kept: KeptPanels, scratch: TrainingScratch
    ) {
        let (height, width) = (input.height, input.width)
        let packed = packed(weights)
        let normalized = projection.normalize(
            input, into: scratch.picture, for: .forward, team: scratch.team)
        let gated = ProductPanels(
            scratch.picture.advanced(
                by: projection.normalizedCount(height: height, width: width, for: .forward)),
            height: height, width: width, in: projection.precision)
        scratch.team.run(count: taskCount) { task, worker in
            let pairs = pairs(task: task)
            let views = panels(scratch.worker(worker), height: height, width: width)
            let projected = project(
                packed, pairs: pairs, normalized: normalized.products, kept: kept, fresh: true,
                views.projected)
            for (index, pair) in pairs.enumerated() {
                for half in 0..<2 {
                    projection.convolve(
                        packed.projection, panel: 2 * pair + half, source: projected,
                        sourcePanel: 2 * index + half, target: .floats(views.convolved), targetPanel: half)
                }
                let (first, second) = (views.convolved.row(0, 0), views.convolved.row(1, 0))
                switch gated {
                case .float32(let gated):
                    Gate.multiply(
                        first, second, count: input.pixelCount, output: gated.row(pair, 0),
                        outputStride: FeatureMap.lane)
                case .mixed(let gated):
                    BFloat16.build.gate(
                        first, second, count: input.pixelCount, rounds: true, output: gated.pixel(pair, 0),
                        outputStride: gated.pixelStride)
                }
            }
        }
        let bias = projectOut.bias?.values
        PixelChunks.parallel(input.pixelCount, team: scratch.team) { chunk in
            let start = chunk.lowerBound * stride
            PanelProducts.fromPanels(
                gated, panelCount: pairCount, pixels: chunk, weights: UnsafePointer(packed.output.base),
                addend: UnsafePointer(input.base) + start, addendStride: stride,
                target: output.base + start, stride: stride)
            if let bias {
                Pixels.add(
                    bias, channels: channels, to: output.base + start, count: chunk.count, stride: stride)
            }
        }
    }

    /// Returns the projected panels of some pairs, which are either kept or computed into `scratch`.
    func project(
        _ packed: Packed, pairs: Range<Int>, normalized: ProductPixels, kept: KeptPanels, fresh: Bool,
        _ scratch: PixelPanels
    ) -> BorderedPanels {
        let panels = 2 * pairs.lowerBound..<2 * pairs.upperBound
        return projection.projected(
            packed.projection, panels: panels, normalized: normalized, kept: kept, fresh: fresh, scratch)
    }
}
