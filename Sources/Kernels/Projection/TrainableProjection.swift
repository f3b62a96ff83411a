import Glibc
import Tensors

/// A layer norm, a 1×1 convolution and a depthwise 3×3 convolution for training. Both halves of a transformer
/// block begin with them. They are computed panel by panel over the whole picture.
///
/// The norm's weight and bias are folded into the product, `W (g·x̂ + b) + c = (W g)·x̂ + (W b + c)`. Their
/// gradients therefore follow from those of the folded matrix, without a pass over the pixels.
package struct TrainableProjection: Sendable {
    package let channels: Int
    let norm: TrainableNorm
    /// (rows, channels)
    let pointwise: TrainableFilter
    /// (rows, 9)
    let depthwise: TrainableFilter
    /// The row of the weights for each column of the panels; −1 for a column of zeros.
    let columns: [Int]
    let precision: TrainingPrecision

    var panelCount: Int { columns.count / FeatureMap.lane }
    var stride: Int { FeatureMap.paddedChannels(channels) }

    init(
        channels: Int, norm: TrainableNorm, pointwise: TrainableFilter, depthwise: TrainableFilter,
        columns: [Int], precision: TrainingPrecision
    ) {
        self.channels = channels
        self.norm = norm
        self.pointwise = pointwise
        self.depthwise = depthwise
        self.columns = columns
        self.precision = precision
    }

    /// The weights in the layouts that the kernels read.
    struct Packed: Sendable {
        /// For the forward pass: panels of 16 columns, `channels` deep.
        let matrix: FloatRun
        /// For the backward pass: panels of 16 channels, as deep as there are columns.
        let transposed: FloatRun
        let bias: FloatRun
        /// The taps, nine rows of 16 for each panel, in order and reversed.
        let kernels: FloatRun
        let reversedKernels: FloatRun
        let kernelBias: FloatRun
        /// 16 zeros.
        let zeros: FloatRun
    }

    /// The number of floats in the packed weights.
    var packedCount: Int { panelCount * FeatureMap.lane * (channels + stride + 20) + FeatureMap.lane }

    func packed(_ run: FloatRun) -> Packed {
        let columnCount = panelCount * FeatureMap.lane
        let transposed = run.advanced(by: columnCount * channels)
        let bias = transposed.advanced(by: columnCount * stride)
        let kernels = bias.advanced(by: columnCount)
        let reversed = kernels.advanced(by: 9 * columnCount)
        let kernelBias = reversed.advanced(by: 9 * columnCount)
        return Packed(
            matrix: run, transposed: transposed, bias: bias, kernels: kernels, reversedKernels: reversed,
            kernelBias: kernelBias, zeros: kernelBias.advanced(by: columnCount))
    }

    /// Packs the current weights.
    ///
    /// - Parameter purpose: selects what is packed; the rest is not changed.
    func pack(into run: FloatRun, for purpose: PackPurpose, team: WorkerTeam) {
        let packed = packed(run)
        memset(packed.zeros.base, 0, FeatureMap.lane * 4)
        team.run(count: panelCount) { panel, _ in
            if purpose != .backward {
                packMatrix(panel, packed)
                if precision == .mixed {
                    MixedProduct.pair(
                        packed.matrix.base + panel * channels * FeatureMap.lane, depth: channels)
                }
            }
            if purpose != .forward { packTransposed(panel, packed) }
            packKernels(panel, packed)
        }
        if precision == .mixed && purpose != .forward {
            let depth = panelCount * FeatureMap.lane
            team.run(count: stride / FeatureMap.lane) { panel, _ in
                MixedProduct.pair(packed.transposed.base + panel * depth * FeatureMap.lane, depth: depth)
            }
        }
    }

    /// Returns the row of the weights for a column of a panel.
    private func row(_ panel: Int, _ lane: Int) -> Int? {
        let row = columns[panel * FeatureMap.lane + lane]
        return row < 0 ? nil : row
    }

    private func packMatrix(_ panel: Int, _ packed: Packed) {
        let weights = UnsafePointer(pointwise.weight.values.base)
        PanelPacking.interleave(
            count: channels, scale: UnsafePointer(norm.weight.values.base),
            into: packed.matrix.base + panel * channels * FeatureMap.lane
        ) { lane in row(panel, lane).map { weights + $0 * channels } }
        for lane in 0..<FeatureMap.lane {
            var sum: Float = 0
            if let row = row(panel, lane) {
                sum = pointwise.bias?.values.base[row] ?? 0
                if let bias = norm.bias?.values.base {
                    for channel in 0..<channels { sum += weights[row * channels + channel] * bias[channel] }
                }
            }
            packed.bias.base[panel * FeatureMap.lane + lane] = sum
        }
    }

    private func packTransposed(_ panel: Int, _ packed: Packed) {
        let gains = UnsafePointer(norm.weight.values.base)
        for lane in 0..<FeatureMap.lane {
            let column = packed.transposed.base + (panel * FeatureMap.lane + lane) * FeatureMap.lane
            let weights = row(panel, lane).map { UnsafePointer(pointwise.weight.values.base) + $0 * channels }
            for start in Swift.stride(from: 0, to: stride, by: FeatureMap.lane) {
                let target = column + start * panelCount * FeatureMap.lane
                guard let weights else {
                    memset(target, 0, FeatureMap.lane * 4)
                    continue
                }
                for channel in 0..<min(FeatureMap.lane, channels - start) {
                    target[channel] = weights[start + channel] * gains[start + channel]
                }
                for channel in min(FeatureMap.lane, channels - start)..<FeatureMap.lane {
                    target[channel] = 0
                }
            }
        }
    }

    private func packKernels(_ panel: Int, _ packed: Packed) {
        let kernels = packed.kernels.base + panel * Depthwise3x3.kernelCount
        let reversed = packed.reversedKernels.base + panel * Depthwise3x3.kernelCount
        for lane in 0..<FeatureMap.lane {
            let row = row(panel, lane)
            packed.kernelBias.base[panel * FeatureMap.lane + lane] =
                row.flatMap { depthwise.bias?.values.base[$0] } ?? 0
            for tap in 0..<9 {
                let value = row.map { depthwise.weight.values.base[$0 * 9 + tap] } ?? 0
                kernels[tap * FeatureMap.lane + lane] = value
                reversed[(8 - tap) * FeatureMap.lane + lane] = value
            }
        }
    }

    /// The number of floats in a picture's normalised features.
    func normalizedCount(height: Int, width: Int, for purpose: PackPurpose) -> Int {
        switch (precision, purpose) {
        case (.float32, _): height * width * stride
        case (.mixed, .forward): RoundedFeatures.floatCount(height * width * stride)
        case (.mixed, _): RoundedPixels.count(height: height, width: width, stride: stride)
        }
    }

    /// Computes `(x − mean) / deviation` for a whole picture.
    ///
    /// - Parameters:
    ///   - run: `normalizedCount` floats.
    ///   - purpose: selects which operands are computed in mixed precision.
    func normalize(
        _ input: FeatureMap, into run: FloatRun, for purpose: PackPurpose, team: WorkerTeam
    ) -> OperandPixels {
        let subtractsMean = norm.subtractsMean
        @Sendable func normalize(_ pixels: Range<Int>, into target: UnsafeMutablePointer<Float>) {
            LayerNorm.normalize(
                input.base + pixels.lowerBound * stride, inputStride: stride, channels: channels,
                count: pixels.count, subtractsMean: subtractsMean, output: target, outputStride: stride)
        }
        switch precision {
        case .float32:
            PixelChunks.parallel(input.pixelCount, team: team) { pixels in
                normalize(pixels, into: run.base + pixels.lowerBound * stride)
            }
            return OperandPixels(run)
        case .mixed:
            let rounded = RoundedPixels(run, height: input.height, width: input.width, stride: stride)
            let use: RoundedPixels.Use =
                switch purpose {
                case .forward: .products
                case .backward: .sums
                case .recomputingBackward: .both
                }
            rounded.store(for: use, team: team) { pixels in
                let target = MixedProduct.memory(.results, count: pixels.count * stride)
                normalize(pixels, into: target)
                return UnsafePointer(target)
            }
            return OperandPixels(rounded)
        }
    }

    /// Computes the 1×1 convolution of some panels, and zeroes their border.
    ///
    /// - Parameters:
    ///   - target: receives the panels.
    ///   - onRows: called with rows of pixels that have been computed, in their order.
    private func project(
        _ packed: Packed, panels: Range<Int>, normalized: ProductPixels, target: PixelPanels,
        onRows: (Range<Int>) -> Void = { _ in }
    ) {
        target.zeroBorder(panels: 0..<panels.count)
        PanelProducts.intoPanels(
            normalized, stride: stride, depth: channels,
            weights: UnsafePointer(packed.matrix.base) + panels.lowerBound * channels * FeatureMap.lane,
            panelStride: channels * FeatureMap.lane, arePaired: true,
            bias: UnsafePointer(packed.bias.base) + panels.lowerBound * FeatureMap.lane,
            target: target, panels: 0..<panels.count, onRows: onRows)
    }

    /// Computes the depthwise convolution of a panel.
    func convolve(
        _ packed: Packed, panel: Int, source: BorderedPanels, sourcePanel: Int, target: Depthwise3x3.Target,
        targetPanel: Int
    ) {
        Depthwise3x3.run(
            source, panel: sourcePanel,
            weights: UnsafePointer(packed.kernels.base) + panel * Depthwise3x3.kernelCount,
            bias: UnsafePointer(packed.kernelBias.base) + panel * FeatureMap.lane, output: target,
            outputPanel: targetPanel)
    }
}

extension TrainableProjection {
    /// Returns some panels after the 1×1 convolution, with a zero border. They are taken from the kept ones,
    /// or computed there or in `scratch`.
    ///
    /// - Parameter fresh: whether this is the forward pass, which computes what is kept.
    func projected(
        _ packed: Packed, panels: Range<Int>, normalized: ProductPixels, kept: KeptPanels, fresh: Bool,
        _ scratch: PixelPanels
    ) -> BorderedPanels {
        let place = kept.panels(from: panels.lowerBound, height: scratch.height, width: scratch.width)
        if !fresh, let place { return place }
        switch place {
        case nil:
            project(packed, panels: panels, normalized: normalized, target: scratch)
        case .floats(let target):
            project(packed, panels: panels, normalized: normalized, target: target)
            return .floats(target)
        case .rounded(let rounded):
            project(packed, panels: panels, normalized: normalized, target: scratch) { rows in
                rounded.store(scratch, panels: 0..<panels.count, rows: rows)
            }
            rounded.zeroEdges(panels: 0..<panels.count)
        }
        return .floats(scratch)
    }
}
