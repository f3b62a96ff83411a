import Products
import Tensors

/// The gated feed-forward half of a transformer block (Restormer's GDFN, arXiv 2111.09881, section 3.2):
/// `y = x + project_out(gelu(first) · second)` with `first, second = dwconv(project_in(norm(x)))`.
package struct FeedForward: Sendable {
    /// Panels alternate between 16 channels of the first half and the corresponding channels of the second.
    let projection: DepthwiseProjection
    let output: PackedMatrix
    let outputBias: PaddedRow?
    package let hiddenChannels: Int
    let subtractsMean: Bool

    /// The weights in PyTorch's layouts, row-major.
    package struct Weights {
        package var norm: NormWeights
        /// (2·hidden, channels)
        package var projectIn: [Float]
        package var projectInBias: [Float]?
        /// (2·hidden, 9)
        package var depthwise: [Float]
        package var depthwiseBias: [Float]?
        /// (channels, hidden)
        package var projectOut: [Float]
        package var projectOutBias: [Float]?

        package init(
            norm: NormWeights, projectIn: [Float], projectInBias: [Float]?, depthwise: [Float],
            depthwiseBias: [Float]?, projectOut: [Float], projectOutBias: [Float]?
        ) {
            self.norm = norm
            self.projectIn = projectIn
            self.projectInBias = projectInBias
            self.depthwise = depthwise
            self.depthwiseBias = depthwiseBias
            self.projectOut = projectOut
            self.projectOutBias = projectOutBias
        }
    }

    package init(
        channels: Int, hiddenChannels: Int, weights: Weights, precision: Precision = .float32
    ) throws(OutOfMemory) {
        let lane = FeatureMap.lane
        var columns: [Int?] = []
        for start in stride(from: 0, to: hiddenChannels, by: lane) {
            let range = start..<start + lane
            columns += range.map { $0 < hiddenChannels ? $0 : nil }
            columns += range.map { $0 < hiddenChannels ? $0 + hiddenChannels : nil }
        }
        let folded = weights.norm.fold(
            into: weights.projectIn, bias: weights.projectInBias, rowCount: 2 * hiddenChannels)
        projection = try DepthwiseProjection(
            depth: channels, columns: columns, precision: precision,
            weight: { folded.weights[$0 * channels + $1] },
            bias: { folded.bias[$0] }, kernel: { weights.depthwise[$0 * 9 + $1] },
            kernelBias: { weights.depthwiseBias?[$0] ?? 0 })
        output = try PackedMatrix(depth: hiddenChannels, columns: Array(0..<channels), precision: precision) {
            weights.projectOut[$0 * hiddenChannels + $1]
        }
        if let bias = weights.projectOutBias {
            outputBias = try PaddedRow(columns: Array(0..<channels)) { bias[$0] }
        } else {
            outputBias = nil
        }
        self.hiddenChannels = hiddenChannels
        subtractsMean = weights.norm.subtractsMean
    }

    private var precision: Precision { output.precision }
    /// Of the gated features. In int8 they stay float32 until all channels of a pixel are known.
    private var gatedPrecision: Precision { precision == .int8 ? .float32 : precision }
    /// Words of a pixel's gated features, and of a panel of them.
    private var gatedStride: Int { FeatureMap.stride(hiddenChannels, in: gatedPrecision) }
    private var gatedLane: Int { gatedPrecision.wordCount(FeatureMap.lane) }
    /// Words of a pixel of the product's operands.
    private var operandStride: Int { precision.operandStride(hiddenChannels) }

    /// The number of floats of scratch memory that a task needs.
    package func scratchCount(grid: StripGrid, channels: Int) -> Int {
        let pixels = grid.largestBandPixelCount
        return DepthwiseProjection.workspaceCount(
            grid: grid, stride: FeatureMap.paddedChannels(channels), panelCount: projection.panelCount)
            + 4 * grid.largestHaloWidth * FeatureMap.lane + pixels * gatedStride
            + (precision == .int8 ? grid.largestHaloWidth * (operandStride + 1) : 0)
    }

    /// Computes one strip of `output` from `input`; both have the same size and must not overlap, because strips read
    /// their neighbours' borders.
    package func run(
        _ strip: Strip, grid: StripGrid, input: FeatureMap, output target: FeatureMap,
        scratch: FloatRun
    ) {
        let lane = FeatureMap.lane
        let (workspace, rest) = DepthwiseProjection.workspace(
            scratch.base, grid: grid, stride: FeatureMap.paddedChannels(input.channels),
            panelCount: projection.panelCount)
        let first = rest
        let second = first + 2 * grid.largestHaloWidth * lane
        let gated = second + 2 * grid.largestHaloWidth * lane
        let width = strip.columns.count
        Band.forEach(in: strip, of: input) { band in
            projection.normalize(band, input, subtractsMean: subtractsMean, workspace)
            for pair in 0..<projection.panelCount / 2 {
                projection.project(band, panel: 2 * pair, panelCount: 2, channels: input.channels, workspace)
                band.forEachRowPair { rows in
                    projection.depthwise(
                        band, rows: rows, panel: 2 * pair, slot: 0, workspace, output: first,
                        outputStride: lane, outputRowStride: width * lane)
                    projection.depthwise(
                        band, rows: rows, panel: 2 * pair + 1, slot: 1, workspace, output: second,
                        outputStride: lane, outputRowStride: width * lane)
                    multiply(
                        first, second, count: rows.count * width,
                        output: gated + rows.lowerBound * width * gatedStride + pair * gatedLane)
                }
                projection.carry(band, panel: 2 * pair, slot: 0, workspace)
                projection.carry(band, panel: 2 * pair + 1, slot: 1, workspace)
            }
            project(
                band, gated, input: input, output: target,
                scratch: gated + grid.largestBandPixelCount * gatedStride)
        }
    }

    /// The gate of one pair of panels.
    @inline(__always)
    private func multiply(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>
    ) {
        switch precision {
        case .float32: Gate.multiply(first, second, count: count, output: output, outputStride: gatedStride)
        case .bfloat16, .bfloat16AMX, .int8:
            BFloat16.build.gate(
                first, second, count: count, rounds: precision != .int8, output: output,
                outputStride: gatedStride)
        }
    }

    /// The output rows of a band from their gated features.
    ///
    /// - Parameter scratch: in int8 the operands of a row.
    private func project(
        _ band: Band, _ gated: UnsafePointer<Float>, input: FeatureMap, output target: FeatureMap,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (x, width) = (band.strip.columns.lowerBound, band.strip.columns.count)
        let scales = scratch + width * operandStride
        for row in 0..<band.rowCount {
            var operands = gated + row * width * gatedStride
            if precision == .int8 {
                Int8Operands.build.quantize(
                    QuantizedPixels(
                        count: width, panelCount: gatedStride / FeatureMap.lane, sourceStride: gatedStride,
                        target: scratch, targetStride: operandStride, scales: scales),
                    source: operands, isNarrow: false)
                operands = UnsafePointer(scratch)
            }
            Product.multiply(
                ProductOperands(
                    rows: width, depth: output.depth, panelCount: output.panelCount,
                    a: operands, rowStride: operandStride,
                    weights: output.base, weightPanelStride: output.panelStride,
                    out: target.pixel(band.y + row, x), outStride: target.stride,
                    outPanelStride: target.panelStride,
                    addend: UnsafePointer(input.pixel(band.y + row, x)), addendStride: input.stride,
                    addendPanelStride: input.panelStride, targetForm: target.addedTargetForm,
                    scales: output.scales(rows: scales)),
                in: precision)
            if let outputBias {
                Pixels.add(outputBias, to: target, at: target.pixel(band.y + row, x), count: width)
            }
        }
    }
}
