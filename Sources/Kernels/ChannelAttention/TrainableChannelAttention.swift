import Glibc
import Tensors

/// The attention half of a transformer block for training (see `ChannelAttention`): `y = x +
/// project_out(softmax(q kᵀ · temperature) v)`, with unit rows q and k.
///
/// The panels are ordered by part and head: first those of q for all heads, then those of k, then those of v.
/// Every head is padded to whole panels.
package struct TrainableChannelAttention: Sendable {
    package let channels: Int
    package let heads: Int
    let projection: TrainableProjection
    let temperature: TrainableTensor
    /// (channels, channels)
    let projectOut: TrainableFilter

    package init(
        channels: Int, heads: Int, norm: TrainableNorm, temperature: TrainableTensor, qkv: TrainableFilter,
        depthwise: TrainableFilter, projectOut: TrainableFilter, precision: TrainingPrecision = .float32
    ) {
        self.channels = channels
        self.heads = heads
        self.temperature = temperature
        self.projectOut = projectOut
        let width = channels / heads
        var columns: [Int] = []
        for part in 0..<3 {
            for head in 0..<heads {
                let start = part * channels + head * width
                columns += (0..<FeatureMap.paddedChannels(width)).map { $0 < width ? start + $0 : -1 }
            }
        }
        projection = TrainableProjection(
            channels: channels, norm: norm, pointwise: qkv, depthwise: depthwise, columns: columns,
            precision: precision)
    }

    var stride: Int { FeatureMap.paddedChannels(channels) }
    var headWidth: Int { channels / heads }
    /// The channels of a head, rounded up to whole panels.
    var paddedWidth: Int { FeatureMap.paddedChannels(headWidth) }
    var panelsPerHead: Int { paddedWidth / FeatureMap.lane }
    /// The number of panels of q, which is also that of k and of v.
    var partCount: Int { heads * panelsPerHead }

    /// The number of panels that a task processes in the projection.
    static let panelsPerTask = 2

    struct Packed: Sendable {
        let projection: TrainableProjection.Packed
    }

    /// The number of floats in the packed weights.
    package var packedCount: Int { projection.packedCount }

    /// Packs the current weights. It must be called before each batch.
    package func pack(into run: FloatRun, for purpose: PackPurpose, team: WorkerTeam) {
        projection.pack(into: run, for: purpose, team: team)
    }

    /// The number of floats in a picture's projected features, if they are kept.
    package func keptCount(height: Int, width: Int) -> Int {
        PixelPanels.count(panels: projection.panelCount, height: height, width: width, border: 1)
    }

    /// The number of floats in a picture's products q kᵀ and squared norms, which are always kept.
    package var momentCount: Int { heads * headMomentCount }
    var headMomentCount: Int { paddedWidth * paddedWidth + 2 * paddedWidth }

    /// The number of floats of scratch memory for a picture in the forward pass: normalised features, q and k,
    /// v, the matrix.
    package func forwardScratchCount(height: Int, width: Int) -> Int {
        projection.normalizedCount(height: height, width: width, for: .forward)
            + SumPanels.count(
                panels: 2 * partCount, height: height, width: width, in: projection.precision)
            + ProductPanels.count(panels: partCount, pixelCount: height * width, in: projection.precision)
            + partCount * FeatureMap.lane * stride + heads * matrixScratchCount
    }

    /// The number of floats of scratch memory for a thread.
    package func workerScratchCount(height: Int, width: Int) -> Int {
        PixelPanels.count(panels: Self.panelsPerTask, height: height, width: width, border: 1)
    }

    /// Computes q, k and v of a picture after the depthwise convolution.
    func gather(
        _ packed: TrainableProjection.Packed, normalized: ProductPixels, kept: KeptPanels, fresh: Bool,
        projected: PixelPanels?, queriesAndKeys: Depthwise3x3.Target, values: Depthwise3x3.Target,
        height: Int, width: Int, scratch: TrainingScratch
    ) {
        let step = Self.panelsPerTask
        let count = projection.panelCount
        scratch.team.run(count: (count + step - 1) / step) { task, worker in
            let panels = task * step..<min((task + 1) * step, count)
            let place =
                projected?.from(panel: panels.lowerBound)
                ?? PixelPanels(
                    scratch.worker(worker), height: height, width: width, border: 1)
            let source = projection.projected(
                packed, panels: panels, normalized: normalized, kept: kept, fresh: fresh, place)
            for (index, panel) in panels.enumerated() {
                let isValue = panel >= 2 * partCount
                projection.convolve(
                    packed, panel: panel, source: source, sourcePanel: index,
                    target: isValue ? values : queriesAndKeys,
                    targetPanel: isValue ? panel - 2 * partCount : panel)
            }
        }
    }

    /// Computes the block's output for one picture.
    ///
    /// - Parameters:
    ///   - kept: the memory for this picture's projected features, which are stored there.
    ///   - moments: `momentCount` floats, overwritten.
    ///   - output: overwritten. Must not overlap `input`.
    package func forward(
        _ weights: FloatRun, input: FeatureMap, output: FeatureMap, kept: KeptPanels, moments: FloatRun,
        scratch: TrainingScratch
    ) {
        let (height, width) = (input.height, input.width)
        let packed = projection.packed(weights)
        let normalized = projection.normalize(
            input, into: scratch.picture, for: .forward, team: scratch.team)
        let run = scratch.picture.advanced(
            by: projection.normalizedCount(height: height, width: width, for: .forward))
        let queriesAndKeys = SumPanels(run, height: height, width: width, in: projection.precision)
        let valueRun = run.advanced(
            by: SumPanels.count(
                panels: 2 * partCount, height: height, width: width, in: projection.precision))
        let values = ProductPanels(valueRun, height: height, width: width, in: projection.precision)
        gather(
            packed, normalized: normalized.products, kept: kept, fresh: true, projected: nil,
            queriesAndKeys: queriesAndKeys.target, values: values.target, height: height, width: width,
            scratch: scratch)
        measure(queriesAndKeys, moments: moments, team: scratch.team)
        let matrix = valueRun.advanced(
            by: ProductPanels.count(
                panels: partCount, pixelCount: input.pixelCount, in: projection.precision))
        let small = matrix.advanced(by: partCount * FeatureMap.lane * stride)
        scratch.team.run(count: heads) { head, _ in
            mix(
                head, moments: moments, matrix: matrix, scratch: small.advanced(by: head * matrixScratchCount)
            )
        }
        if projection.precision == .mixed {
            let depth = partCount * FeatureMap.lane
            for panel in 0..<stride / FeatureMap.lane {
                MixedProduct.pair(matrix.base + panel * depth * FeatureMap.lane, depth: depth)
            }
        }
        let bias = projectOut.bias?.values
        PixelChunks.parallel(input.pixelCount, team: scratch.team) { chunk in
            let start = chunk.lowerBound * stride
            PanelProducts.fromPanels(
                values, panelCount: partCount, pixels: chunk, weights: UnsafePointer(matrix.base),
                addend: UnsafePointer(input.base) + start, addendStride: stride,
                target: output.base + start, stride: stride)
            if let bias {
                Pixels.add(
                    bias, channels: channels, to: output.base + start, count: chunk.count, stride: stride)
            }
        }
    }

    /// Computes the products q kᵀ and the squared norms of all heads.
    private func measure(_ queriesAndKeys: SumPanels, moments: FloatRun, team: WorkerTeam) {
        memset(moments.base, 0, momentCount * 4)
        team.run(count: partCount) { panel, _ in
            let (head, part) = (panel / panelsPerHead, panel % panelsPerHead)
            let target = moments.base + head * headMomentCount
            let products = target + part * FeatureMap.lane * paddedWidth
            let keys = partCount + head * panelsPerHead
            let keyRange = keys..<keys + panelsPerHead
            let queryNorms = target + paddedWidth * paddedWidth + part * FeatureMap.lane
            let keyNorms = queryNorms + paddedWidth
            switch queriesAndKeys {
            case .float32(let panels):
                PanelProducts.addSums(
                    UnsafePointer(panels.row(panel, 0)), stride: FeatureMap.lane, rows: FeatureMap.lane,
                    panels, panels: keyRange, out: products, outStride: paddedWidth,
                    outPanelStride: FeatureMap.lane)
                Depthwise3x3.addSquares(panels, panel: panel, to: queryNorms)
                Depthwise3x3.addSquares(panels, panel: keys + part, to: keyNorms)
            case .mixed(let panels):
                panels.addSums(of: panel, with: keyRange, to: products, sumStride: paddedWidth)
                panels.addSquares(panel: panel, to: queryNorms)
                panels.addSquares(panel: keys + part, to: keyNorms)
            }
        }
    }
}
