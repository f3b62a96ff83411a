import Glibc
import Tensors

extension TrainableProjection {
    /// The sums of the gradients over some pictures of the batch, in the packed weights' layout.
    struct Sums: Sendable {
        let matrix: FloatRun
        let bias: FloatRun
        let kernels: FloatRun
        let kernelBias: FloatRun
    }

    /// The number of floats in the sums.
    var sumCount: Int { panelCount * FeatureMap.lane * (channels + 11) }

    func sums(_ run: FloatRun) -> Sums {
        let columnCount = panelCount * FeatureMap.lane
        let bias = run.advanced(by: columnCount * channels)
        let kernels = bias.advanced(by: columnCount)
        return Sums(
            matrix: run, bias: bias, kernels: kernels, kernelBias: kernels.advanced(by: 9 * columnCount))
    }

    /// The gradient with respect to the depthwise convolution's input, as the two products read it that follow.
    enum Gradient: Sendable {
        /// Without a border.
        case float32(PixelPanels)
        case mixed(ChannelPairPanels, RowPairPanels)

        var target: Depthwise3x3.Target {
            switch self {
            case .float32(let panels): .floats(panels)
            case .mixed(let pixels, let pairs): .bothPairs(pixels, pairs)
            }
        }

        var products: ProductPanels {
            switch self {
            case .float32(let panels): .float32(panels)
            case .mixed(let pixels, _): .mixed(pixels)
            }
        }

        var sums: SumPanels {
            switch self {
            case .float32(let panels): .float32(panels)
            case .mixed(_, let pairs): .mixed(pairs)
            }
        }
    }

    /// The number of floats in the gradient of a picture.
    func gradientCount(height: Int, width: Int) -> Int {
        let products = ProductPanels.count(panels: panelCount, pixelCount: height * width, in: precision)
        let sums = SumPanels.count(panels: panelCount, height: height, width: width, in: precision)
        return precision == .mixed ? products + sums : products
    }

    func gradient(_ run: FloatRun, height: Int, width: Int) -> Gradient {
        switch precision {
        case .float32: return .float32(PixelPanels(run, height: height, width: width, border: 0))
        case .mixed:
            let pixelCount = height * width
            let sums = run.advanced(
                by: ChannelPairPanels.count(panels: panelCount, pixelCount: pixelCount))
            return .mixed(
                ChannelPairPanels(run, pixelCount: pixelCount),
                RowPairPanels(sums, rows: RowPairs(height: height, width: width)))
        }
    }

    /// Computes the backward pass through the depthwise convolution of some panels, and adds to these panels'
    /// gradient sums.
    ///
    /// - Parameters:
    ///   - gradient: the gradient with respect to the depthwise convolution's output; its border is zeroed.
    ///   - projected: the input of the depthwise convolution.
    ///   - target: the gradient with respect to `projected`. Only these panels are overwritten.
    func backward(
        _ packed: Packed, panels: Range<Int>, gradient: PixelPanels, projected: BorderedPanels,
        normalized: SumPixels, target: Gradient, sums: Sums
    ) {
        gradient.zeroBorder(panels: 0..<panels.count)
        for (index, panel) in panels.enumerated() {
            Depthwise3x3.addTapGradients(
                gradient, panel: index, input: projected, inputPanel: index,
                taps: sums.kernels.base + panel * Depthwise3x3.kernelCount)
            if depthwise.bias != nil {
                Depthwise3x3.addSums(
                    gradient, panel: index, to: sums.kernelBias.base + panel * FeatureMap.lane)
            }
            Depthwise3x3.run(
                .floats(gradient), panel: index,
                weights: UnsafePointer(packed.reversedKernels.base) + panel * Depthwise3x3.kernelCount,
                bias: UnsafePointer(packed.zeros.base), output: target.target, outputPanel: panel)
            if norm.bias != nil || pointwise.bias != nil {
                let bias = sums.bias.base + panel * FeatureMap.lane
                switch target {
                case .float32(let target): Depthwise3x3.addSums(target, panel: panel, to: bias)
                case .mixed(_, let pairs): pairs.addSums(panel: panel, to: bias)
                }
            }
        }
        let panelStride = channels * FeatureMap.lane
        normalized.addSums(
            channels: channels, stride: stride, target.sums, panels: panels,
            to: sums.matrix.base + panels.lowerBound * panelStride, sumStride: FeatureMap.lane,
            sumPanelStride: panelStride)
    }

    /// Computes the backward pass through the product and the norm, and adds the gradient with respect to
    /// `input` to `features`.
    ///
    /// - Parameters:
    ///   - gradient: the result of `backward` for all panels.
    ///   - normalized: the normalised features; overwritten.
    func finish(
        _ packed: Packed, gradient: Gradient, input: FeatureMap, normalized: SumPixels,
        features: FeatureMap, team: WorkerTeam
    ) {
        let subtractsMean = norm.subtractsMean
        PixelChunks.parallel(input.pixelCount, team: team) { chunk in
            let start = chunk.lowerBound * stride
            let target =
                switch normalized {
                case .float32(let pixels): pixels.base + start
                case .mixed: MixedProduct.memory(.results, count: chunk.count * stride)
                }
            PanelProducts.fromPanels(
                gradient.products, panelCount: panelCount, pixels: chunk,
                weights: UnsafePointer(packed.transposed.base), addend: UnsafePointer(packed.zeros.base),
                addendStride: 0, addendPanelStride: 0, target: target, stride: stride)
            LayerNorm.backward(
                UnsafePointer(input.base) + start, gradient: UnsafePointer(target),
                addend: UnsafePointer(features.base) + start, output: features.base + start, stride: stride,
                channels: channels, count: chunk.count, subtractsMean: subtractsMean)
        }
    }

    /// Adds the sums of all groups of pictures, in their order, to the tensors' gradients.
    ///
    /// - Parameters:
    ///   - groups: `groupCount` sums, `groupStride` floats apart; the first is overwritten.
    ///   - scratch: `reductionCount` floats.
    func reduce(
        _ groups: FloatRun, groupCount: Int, groupStride: Int, scratch: FloatRun, team: WorkerTeam
    ) {
        team.run(count: panelCount) { panel, _ in
            let all = sums(groups)
            for group in 1..<max(1, groupCount) {
                let other = sums(groups.advanced(by: group * groupStride))
                Self.add(
                    other.matrix, to: all.matrix, panel * channels * FeatureMap.lane,
                    channels * FeatureMap.lane)
                Self.add(other.bias, to: all.bias, panel * FeatureMap.lane, FeatureMap.lane)
                Self.add(
                    other.kernels, to: all.kernels, panel * Depthwise3x3.kernelCount, Depthwise3x3.kernelCount
                )
                Self.add(other.kernelBias, to: all.kernelBias, panel * FeatureMap.lane, FeatureMap.lane)
            }
            reducePanel(panel, all, normSums: scratch.base + panel * 2 * channels)
        }
        for panel in 0..<panelCount {
            let normSums = scratch.base + panel * 2 * channels
            for channel in 0..<channels {
                norm.weight.gradients.base[channel] += normSums[channel]
                norm.bias?.gradients.base[channel] += normSums[channels + channel]
            }
        }
    }

    /// The number of floats of scratch memory that `reduce` needs.
    var reductionCount: Int { panelCount * 2 * channels }

    private static func add(_ source: FloatRun, to target: FloatRun, _ start: Int, _ count: Int) {
        for index in Swift.stride(from: start, to: start + count, by: 8) {
            store8(load8(target.base + index) + load8(source.base + index), target.base + index)
        }
    }

    /// Computes the gradients for `W' = W g` and `c' = W b + c`: dW = dW' g + dc' bᵀ, dg = Σ_rows dW' W, db =
    /// Σ_rows dc' W.
    private func reducePanel(_ panel: Int, _ sums: Sums, normSums: UnsafeMutablePointer<Float>) {
        memset(normSums, 0, 2 * channels * 4)
        let gains = norm.weight.values.base
        let shifts = norm.bias?.values.base
        for lane in 0..<FeatureMap.lane {
            let row = columns[panel * FeatureMap.lane + lane]
            guard row >= 0 else { continue }
            let matrix = sums.matrix.base + panel * channels * FeatureMap.lane + lane
            let bias = sums.bias.base[panel * FeatureMap.lane + lane]
            let weights = pointwise.weight.values.base + row * channels
            let gradients = pointwise.weight.gradients.base + row * channels
            for channel in 0..<channels {
                let slope = matrix[channel * FeatureMap.lane]
                gradients[channel] += slope * gains[channel]
                normSums[channel] += slope * weights[channel]
            }
            if let shifts {
                for channel in 0..<channels {
                    gradients[channel] += bias * shifts[channel]
                    normSums[channels + channel] += bias * weights[channel]
                }
            }
            pointwise.bias?.gradients.base[row] += bias
            depthwise.bias?.gradients.base[row] += sums.kernelBias.base[panel * FeatureMap.lane + lane]
            for tap in 0..<9 {
                depthwise.weight.gradients.base[row * 9 + tap] +=
                    sums.kernels.base[panel * Depthwise3x3.kernelCount + tap * FeatureMap.lane + lane]
            }
        }
    }
}
