import Glibc
import Products
import Tensors

/// A 1×1 convolution followed by a depthwise 3×3 convolution, as both halves of a transformer block have it,
/// computed panel by panel over a band so that what lies between them never leaves the cache.
package struct DepthwiseProjection: Sendable {
    let matrix: PackedMatrix
    /// Added by the product, one value per column.
    let bias: PaddedRow
    /// Nine rows of 16 floats per panel.
    let kernels: AlignedBuffer
    /// 16 floats per panel.
    let kernelBias: PaddedRow

    package var panelCount: Int { matrix.panelCount }

    /// - Parameters:
    ///   - columns: source channel of each packed column, or nil.
    ///   - kernel: (source channel, tap 0...8) → depthwise weight.
    package init(
        depth: Int, columns: [Int?], weight: (_ channel: Int, _ row: Int) -> Float,
        bias: (_ channel: Int) -> Float, kernel: (_ channel: Int, _ tap: Int) -> Float,
        kernelBias: (_ channel: Int) -> Float
    ) throws(OutOfMemory) {
        matrix = try PackedMatrix(depth: depth, columns: columns, value: weight)
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

    /// Scratch of a strip's walk.
    struct Workspace {
        /// Normalised new pixels, `stride` floats each.
        let normalized: UnsafeMutablePointer<Float>
        /// Two regions of a panel each.
        let regions: UnsafeMutablePointer<Float>
        let regionStride: Int
        /// The last two rows of every panel's region.
        let carry: UnsafeMutablePointer<Float>
    }

    /// Floats that a walk over a grid's strips needs at most.
    static func workspaceCount(grid: StripGrid, stride: Int, panelCount: Int) -> Int {
        let pixels = grid.largestBandPixelCount
        return pixels * stride + 2 * pixels * FeatureMap.lane
            + panelCount * 2 * grid.largestHaloWidth * FeatureMap.lane
    }

    static func workspace(
        _ scratch: UnsafeMutablePointer<Float>, grid: StripGrid, stride: Int, panelCount: Int
    ) -> (workspace: Workspace, rest: UnsafeMutablePointer<Float>) {
        let pixels = grid.largestBandPixelCount
        let regions = scratch + pixels * stride
        let carry = regions + 2 * pixels * FeatureMap.lane
        return (
            Workspace(
                normalized: scratch, regions: regions, regionStride: pixels * FeatureMap.lane, carry: carry),
            carry + panelCount * 2 * grid.largestHaloWidth * FeatureMap.lane
        )
    }

    /// Normalises the new pixels of a band.
    static func normalize(_ band: Band, _ input: FeatureMap, subtractsMean: Bool, _ workspace: Workspace) {
        band.forEachNewRun(of: input) { source, offset, count in
            LayerNorm.normalize(
                source, inputStride: input.stride, channels: input.channels, count: count,
                subtractsMean: subtractsMean, output: workspace.normalized + offset * input.stride,
                outputStride: input.stride)
        }
    }

    /// Fills the regions of one or two neighbouring panels: the rows above come from the band before, the new
    /// ones from the product, and what lies outside the image is zero (the depthwise convolution's padding).
    @inline(__always)
    func project(_ band: Band, panel: Int, panelCount: Int, stride: Int, _ workspace: Workspace) {
        let lane = FeatureMap.lane
        let carryCount = 2 * band.haloWidth * lane
        for index in 0..<panelCount where !band.isFirst {
            memcpy(
                workspace.regions + index * workspace.regionStride,
                workspace.carry + (panel + index) * carryCount,
                carryCount * 4)
        }
        Product.multiply(
            ProductOperands(
                rows: band.newPixelCount, depth: matrix.depth, panelCount: panelCount,
                a: UnsafePointer(workspace.normalized), rowStride: stride,
                weights: matrix.base + panel * matrix.panelStride, weightPanelStride: matrix.panelStride,
                out: workspace.regions + band.newPixelOffset * lane, outStride: lane,
                outPanelStride: workspace.regionStride,
                addend: bias.base + panel * lane, addendStride: 0, addendPanelStride: lane))
        for index in 0..<panelCount {
            let region = workspace.regions + index * workspace.regionStride
            band.zeroOutside(region, stride: lane)
            if !band.isLast {
                memcpy(
                    workspace.carry + (panel + index) * carryCount,
                    region + band.rowCount * band.haloWidth * lane, carryCount * 4)
            }
        }
    }

    /// The depthwise convolution of one output row of a panel that `project` has filled.
    ///
    /// - Parameter slot: which of the two regions holds the panel.
    @inline(__always)
    func depthwise(
        _ band: Band, row: Int, panel: Int, slot: Int, _ workspace: Workspace,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let lane = FeatureMap.lane
        let rowFloats = band.haloWidth * lane
        let region = UnsafePointer(workspace.regions + slot * workspace.regionStride + row * rowFloats)
        Depthwise3x3.row(
            above: region, here: region + rowFloats, below: region + 2 * rowFloats,
            count: band.strip.columns.count, weights: UnsafePointer(kernels.base) + panel * 9 * lane,
            bias: kernelBias.base + panel * lane, output: output, outputStride: outputStride)
    }
}
