import Glibc
import Products
import Tensors

extension ChannelAttention {
    /// The number of floats of scratch memory that a `gather` task needs.
    package func gatherScratchCount(grid: StripGrid) -> Int {
        DepthwiseProjection.workspaceCount(
            grid: grid, stride: FeatureMap.paddedChannels(channels),
            panelCount: queryKey.panelCount + value.panelCount)
            + headScratchCount(pixelCount: grid.largestBandPixelCount)
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
        let precision = depthwisePrecision
        let width = band.strip.columns.count
        let count = precision.wordCount(band.rowCount) * width
        let panelStride = headPanelStride(pixelCount: count)
        let firstPanel = head * 2 * panelsPerHead
        for pair in 0..<panelsPerHead {
            let panel = firstPanel + 2 * pair
            queryKey.project(band, panel: panel, panelCount: 2, channels: channels, workspace)
            for slot in 0..<2 {
                let output = panels + (2 * pair + slot) * panelStride
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
        addSums(of: panels, count: count, to: sums)
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
