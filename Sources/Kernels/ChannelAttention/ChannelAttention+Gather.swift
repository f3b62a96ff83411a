import Glibc
import Products
import Tensors

extension ChannelAttention {
    /// The number of floats of scratch memory that a `gather` task needs.
    package func gatherScratchCount(grid: StripGrid) -> Int {
        let pixels = grid.largestBandPixelCount
        return DepthwiseProjection.workspaceCount(
            grid: grid, stride: FeatureMap.paddedChannels(channels),
            panelCount: queryKey.panelCount + value.panelCount)
            + 2 * pixels * paddedHeadWidth
    }

    /// Computes one strip of v and the strip's share of the sums.
    ///
    /// - Parameters:
    ///   - values: v, of the input's size and without words between its pixels; the strip's pixels are overwritten. Must not
    ///     overlap `input`.
    ///   - sums: `sumCount` floats for each strip; this strip's are overwritten.
    package func gather(
        stripAt index: Int, grid: StripGrid, input: FeatureMap, values: FeatureMap, sums: FloatRun,
        scratch: FloatRun
    ) {
        let strip = grid.strips[index]
        let sums = sums.base + index * sumCount
        memset(sums, 0, sumCount * 4)
        let (workspace, rest) = DepthwiseProjection.workspace(
            scratch.base, grid: grid, stride: FeatureMap.paddedChannels(channels),
            panelCount: queryKey.panelCount + value.panelCount)
        // The carries of v's panels follow those of q's and k's.
        let valueWorkspace = DepthwiseProjection.Workspace(
            normalized: workspace.normalized, scales: workspace.scales, regions: workspace.regions,
            regionStride: workspace.regionStride,
            carry: workspace.carry + queryKey.panelCount * 2 * strip.haloWidth * FeatureMap.lane)
        Band.forEach(in: strip, of: input) { band in
            queryKey.normalize(band, input, subtractsMean: subtractsMean, workspace)
            for head in 0..<heads {
                accumulate(head, band, input, workspace, panels: rest, sums: sums + head * headSumCount)
            }
            keepValues(band, input, values, valueWorkspace)
        }
    }

    /// Adds one head's products and squared norms over a band.
    private func accumulate(
        _ head: Int, _ band: Band, _ input: FeatureMap, _ workspace: DepthwiseProjection.Workspace,
        panels: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        let lane = FeatureMap.lane
        // Narrow operands hold the channels of two rows in one word, so their sums are half as deep.
        let precision = sumPrecision
        let count = precision.wordCount(band.rowCount) * band.strip.columns.count
        let panelFloats = count * lane
        let width = band.strip.columns.count
        let firstPanel = head * 2 * panelsPerHead
        for pair in 0..<panelsPerHead {
            let panel = firstPanel + 2 * pair
            queryKey.project(band, panel: panel, panelCount: 2, channels: channels, workspace)
            for slot in 0..<2 {
                let output = panels + (2 * pair + slot) * panelFloats
                band.forEachRowPair { rows in
                    queryKey.depthwise(
                        band, rows: rows, panel: panel + slot, slot: slot, workspace,
                        output: output + precision.wordCount(rows.lowerBound) * width * lane,
                        outputStride: lane,
                        outputRowStride: width * lane,
                        form: precision == .float32 ? .floats : .rowPairs)
                }
                queryKey.carry(band, panel: panel + slot, slot: slot, workspace)
            }
        }
        let keys = panels + panelsPerHead * panelFloats
        for panel in 0..<panelsPerHead {
            let out = sums + panel * lane * paddedHeadWidth
            Product.multiply(
                ProductOperands(
                    rows: lane, depth: count, panelCount: panelsPerHead,
                    a: UnsafePointer(panels + panel * panelFloats), rowStride: 1, stepStride: lane,
                    weights: UnsafePointer(keys), weightPanelStride: panelFloats,
                    out: out, outStride: paddedHeadWidth, outPanelStride: lane,
                    addend: UnsafePointer(out), addendStride: paddedHeadWidth, addendPanelStride: lane),
                in: precision)
        }
        let norms = sums + paddedHeadWidth * paddedHeadWidth
        for panel in 0..<2 * panelsPerHead {
            let (panel, sums) = (UnsafePointer(panels + panel * panelFloats), norms + panel * lane)
            if precision == .float32 {
                Self.addSquares(panel, count: count, to: sums)
            } else {
                BFloat16.build.addSquares(panel, count: count, to: sums)
            }
        }
    }

    /// Adds the sums of squares of a panel's 16 channels over `count` pixels to `sums`.
    @inline(never)
    private static func addSquares(
        _ panel: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>
    ) {
        var low = Vector8.zero
        var high = Vector8.zero
        for index in 0..<count {
            let a = load8(panel + index * 16)
            let b = load8(panel + index * 16 + 8)
            low.addProduct(a, a)
            high.addProduct(b, b)
        }
        store8(load8(sums) + low, sums)
        store8(load8(sums + 8) + high, sums + 8)
    }

    private func keepValues(
        _ band: Band, _ input: FeatureMap, _ values: FeatureMap, _ workspace: DepthwiseProjection.Workspace
    ) {
        let lane = precision.wordCount(FeatureMap.lane)
        let x = band.strip.columns.lowerBound
        var panel = 0
        while panel < value.panelCount {
            let count = min(2, value.panelCount - panel)
            value.project(band, panel: panel, panelCount: count, channels: channels, workspace)
            for slot in 0..<count {
                band.forEachRowPair { rows in
                    value.depthwise(
                        band, rows: rows, panel: panel + slot, slot: slot, workspace,
                        output: values.pixel(band.y + rows.lowerBound, x) + (panel + slot) * lane,
                        outputStride: values.stride, outputRowStride: values.width * values.stride,
                        form: .channelPairs)
                }
                value.carry(band, panel: panel + slot, slot: slot, workspace)
            }
            panel += count
        }
    }
}
