import Glibc
import Products
import Tensors

/// A 1×1 convolution followed by a depthwise 3×3 convolution, with which both halves of a transformer block
/// begin. It is computed panel by panel over a band, so that the intermediate features never leave the cache.
package struct DepthwiseProjection: Sendable {
    let matrix: PackedMatrix
    /// The bias that the product adds, one value per column.
    let bias: PaddedRow
    /// Nine rows of 16 floats per panel.
    let kernels: AlignedBuffer
    /// 16 floats per panel.
    let kernelBias: PaddedRow

    package var panelCount: Int { matrix.panelCount }
    var precision: Precision { matrix.precision }

    /// - Parameters:
    ///   - columns: source channel of each packed column, or nil.
    ///   - kernel: (source channel, tap 0...8) → depthwise weight.
    package init(
        depth: Int, columns: [Int?], precision: Precision, weight: (_ channel: Int, _ row: Int) -> Float,
        bias: (_ channel: Int) -> Float, kernel: (_ channel: Int, _ tap: Int) -> Float,
        kernelBias: (_ channel: Int) -> Float
    ) throws(OutOfMemory) {
        matrix = try PackedMatrix(depth: depth, columns: columns, precision: precision, value: weight)
        self.bias = try PaddedRow(columns: columns, value: bias)
        self.kernelBias = try PaddedRow(columns: columns, value: kernelBias)
        let lane = FeatureMap.lane
        kernels = try AlignedBuffer(count: matrix.panelCount * 9 * lane)
        for (index, column) in columns.enumerated() {
            guard let column else { continue }
            for tap in 0..<9 {
                kernels.base[((index / lane) * 9 + tap) * lane + index % lane] = kernel(column, tap)
            }
        }
    }

    /// Scratch memory for one strip.
    struct Workspace {
        /// Normalised new pixels: of a pixel's `stride` floats as many words as the precision needs.
        let normalized: UnsafeMutablePointer<Float>
        /// In int8, the scale of every new pixel.
        let scales: UnsafeMutablePointer<Float>
        /// The regions of two panels.
        let regions: UnsafeMutablePointer<Float>
        let regionStride: Int
        /// The last two rows of every panel's region.
        let carry: UnsafeMutablePointer<Float>
    }

    /// The most floats that the strips of a grid need.
    static func workspaceCount(grid: StripGrid, stride: Int, panelCount: Int) -> Int {
        let pixels = grid.largestBandPixelCount
        return pixels * stride + FeatureMap.paddedChannels(pixels) + 2 * pixels * FeatureMap.lane
            + panelCount * 2 * grid.largestHaloWidth * FeatureMap.lane
    }

    static func workspace(
        _ scratch: UnsafeMutablePointer<Float>, grid: StripGrid, stride: Int, panelCount: Int
    ) -> (workspace: Workspace, rest: UnsafeMutablePointer<Float>) {
        let pixels = grid.largestBandPixelCount
        let scales = scratch + pixels * stride
        let regions = scales + FeatureMap.paddedChannels(pixels)
        let carry = regions + 2 * pixels * FeatureMap.lane
        return (
            Workspace(
                normalized: scratch, scales: scales, regions: regions, regionStride: pixels * FeatureMap.lane,
                carry: carry),
            carry + panelCount * 2 * grid.largestHaloWidth * FeatureMap.lane
        )
    }

    /// Normalises the new pixels of a band.
    func normalize(_ band: Band, _ input: FeatureMap, subtractsMean: Bool, _ workspace: Workspace) {
        let stride = precision.operandStride(input.channels)
        band.forEachNewRun(of: input) { source, offset, count in
            let output = workspace.normalized + offset * stride
            switch precision {
            case .float32:
                LayerNorm.normalize(
                    source, inputStride: input.stride, channels: input.channels, count: count,
                    subtractsMean: subtractsMean, output: output, outputStride: stride)
            case .bfloat16, .bfloat16AMX:
                BFloat16.build.normalize(
                    source, inputStride: input.stride, channels: input.channels, count: count,
                    subtractsMean: subtractsMean, epsilon: LayerNorm.epsilon, output: output,
                    outputStride: stride)
            case .int8:
                Int8Operands.build.normalize(
                    QuantizedPixels(
                        count: count, panelCount: FeatureMap.paddedChannels(input.channels) / FeatureMap.lane,
                        sourceStride: input.stride, target: output, targetStride: stride,
                        scales: workspace.scales + offset),
                    source: source, channels: input.channels, subtractsMean: subtractsMean,
                    epsilon: LayerNorm.epsilon)
            }
        }
    }

    /// Fills the regions of one or two neighbouring panels with the new rows. Places outside the image become
    /// zero, which is the depthwise convolution's padding. The two rows of the previous band stay in the
    /// carry.
    @inline(__always)
    func project(_ band: Band, panel: Int, panelCount: Int, channels: Int, _ workspace: Workspace) {
        let lane = FeatureMap.lane
        Product.multiply(
            ProductOperands(
                rows: band.newPixelCount, depth: matrix.depth, panelCount: panelCount,
                a: UnsafePointer(workspace.normalized), rowStride: precision.operandStride(channels),
                weights: matrix.base + panel * matrix.panelStride, weightPanelStride: matrix.panelStride,
                out: workspace.regions + band.newPixelOffset * lane, outStride: lane,
                outPanelStride: workspace.regionStride,
                addend: bias.base + panel * lane, addendStride: 0, addendPanelStride: lane,
                scales: matrix.scales(rows: workspace.scales, panel: panel)),
            in: precision)
        for index in 0..<panelCount {
            band.zeroOutside(workspace.regions + index * workspace.regionStride, stride: lane)
        }
    }

    /// Returns row `row` of a panel's region, or of the carry if the previous band computed it.
    @inline(__always)
    private func source(
        _ band: Band, row: Int, panel: Int, slot: Int, _ workspace: Workspace
    ) -> UnsafeMutablePointer<Float> {
        let rowFloats = band.haloWidth * FeatureMap.lane
        return row < 2 && !band.isFirst
            ? workspace.carry + (2 * panel + row) * rowFloats
            : workspace.regions + slot * workspace.regionStride + row * rowFloats
    }

    /// Computes the depthwise convolution of one or two output rows of a panel that `project` has filled.
    ///
    /// - Parameters:
    ///   - slot: which of the two regions holds the panel.
    ///   - outputRowStride: words from one output row to the next.
    ///   - form: what to store; float32 always stores floats.
    @inline(__always)
    func depthwise(
        _ band: Band, rows: Range<Int>, panel: Int, slot: Int, _ workspace: Workspace,
        output: UnsafeMutablePointer<Float>, outputStride: Int, outputRowStride: Int,
        form: DepthwiseForm = .floats
    ) {
        func row(_ index: Int) -> UnsafePointer<Float> {
            UnsafePointer(source(band, row: rows.lowerBound + index, panel: panel, slot: slot, workspace))
        }
        let taps = UnsafePointer(kernels.base) + panel * 9 * FeatureMap.lane
        let bias = kernelBias.base + panel * FeatureMap.lane
        let count = band.strip.columns.count
        let operands = DepthwiseOperands(
            row(0), row(1), row(2), rows.count == 2 ? row(3) : nil, count: count, weights: taps, bias: bias,
            output: output, outputStride: outputStride, outputRowStride: outputRowStride)
        if precision == .float32 {
            Depthwise3x3.rows(operands)
        } else {
            BFloat16.build.depthwise(operands, form: form)
        }
    }

    /// Keeps the last two rows of a panel for the next band. It must be called after `depthwise`, which still
    /// reads the old ones.
    @inline(__always)
    func carry(_ band: Band, panel: Int, slot: Int, _ workspace: Workspace) {
        guard !band.isLast else { return }
        let rowFloats = band.haloWidth * FeatureMap.lane
        for index in 0..<2 {
            // In a band of one row, the first of them is the second old row.
            memcpy(
                workspace.carry + (2 * panel + index) * rowFloats,
                source(band, row: band.rowCount + index, panel: panel, slot: slot, workspace), rowFloats * 4)
        }
    }
}
