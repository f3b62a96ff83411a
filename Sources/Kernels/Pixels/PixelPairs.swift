import BFloat16Kernels
import Products
import Tensors

/// A view of a picture's features in bfloat16, as the rows of sums over its pixels: a row is a channel, and a word has the
/// values of two pixels above each other, or zero below the last row of pixels.
///
/// Within a chunk the words of a channel follow each other where the matrix unit multiplies, else those of a pixel do.
struct PixelPairs: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint pairs.

    let rows: RowPairs
    private let base: UnsafeMutablePointer<Float>
    private let layout: Layout

    private struct Layout {
        /// Whole panels.
        let channels: Int
        /// Words from channel to channel, and from pixel to pixel.
        let channelStride: Int
        let pixelStride: Int
        let chunkStride: Int

        init(_ rows: RowPairs, channels: Int) {
            self.channels = FeatureMap.paddedChannels(channels)
            let words = rows.chunkLength * rows.width
            if BFloat16.usesMatrixUnit {
                // Whole blocks of 16, and no power of two, which would put all rows of a tile into the same places of the
                // cache.
                channelStride = FeatureMap.paddedChannels(words) + FeatureMap.lane
                pixelStride = 1
                chunkStride = self.channels * channelStride
            } else {
                channelStride = 1
                pixelStride = self.channels
                chunkStride = words * pixelStride
            }
        }
    }

    init(_ run: FloatRun, rows: RowPairs, channels: Int) {
        base = run.base
        self.rows = rows
        layout = Layout(rows, channels: channels)
    }

    /// The number of floats that a picture takes.
    static func count(_ rows: RowPairs, channels: Int) -> Int {
        rows.chunkCount * Layout(rows, channels: channels).chunkStride
    }

    /// Rounds a pair of rows.
    ///
    /// - Parameter source: the first pixel of the pair; pixels of whole panels, which follow each other.
    func store(_ pair: Int, _ source: UnsafePointer<Float>) {
        let chunk = pair / rows.chunkLength
        let place = (pair - chunk * rows.chunkLength) * rows.width
        let words = base + chunk * layout.chunkStride + place * layout.pixelStride
        for channel in stride(from: 0, to: layout.channels, by: FeatureMap.lane) {
            let first = source + channel
            let second = rows.hasSecond(pair) ? first + rows.width * layout.channels : nil
            let target = words + channel * layout.channelStride
            if BFloat16.usesMatrixUnit {
                MatrixUnitProduct.pairColumns(
                    first, second, count: rows.width, stride: layout.channels, into: target,
                    targetStride: layout.channelStride)
            } else {
                BFloat16.build.pairPixels(
                    first, second, count: rows.width, stride: layout.channels, into: target,
                    targetStride: layout.pixelStride)
            }
        }
    }

    /// Adds `Σ_pixels x[pixel][r] · panel[pixel][j]` to (r, j) of each panel of `sums`, for the first `count` channels.
    ///
    /// - Parameter sums: (r, j) of panel p is at `r · sumStride + p · sumPanelStride + j`.
    func addSums(
        channels count: Int, _ columns: RowPairPanels, panels: Range<Int>,
        to sums: UnsafeMutablePointer<Float>,
        sumStride: Int, sumPanelStride: Int
    ) {
        for chunk in 0..<rows.chunkCount {
            addSums(
                chunk, channels: count,
                UnsafePointer(columns.row(panels.lowerBound, rows.pairs(chunk).lowerBound)),
                panelStride: columns.panelStride, panelCount: panels.count, to: sums, sumStride: sumStride,
                sumPanelStride: sumPanelStride)
        }
    }

    /// The same with panels of floats without a border, which are rounded a chunk at a time.
    func addSums(
        channels count: Int, rounding columns: PixelPanels, panels: Range<Int>,
        to sums: UnsafeMutablePointer<Float>, sumStride: Int, sumPanelStride: Int
    ) {
        let rowWords = rows.width * FeatureMap.lane
        let panelStride = rows.chunkLength * rowWords
        let words = MixedProduct.memory(.weights, count: panels.count * panelStride)
        for chunk in 0..<rows.chunkCount {
            let pairs = rows.pairs(chunk)
            for (index, panel) in panels.enumerated() {
                for pair in pairs {
                    BFloat16.build.pairPixels(
                        columns.row(panel, 2 * pair),
                        rows.hasSecond(pair) ? UnsafePointer(columns.row(panel, 2 * pair + 1)) : nil,
                        count: rows.width, stride: FeatureMap.lane,
                        into: words + index * panelStride + (pair - pairs.lowerBound) * rowWords,
                        targetStride: FeatureMap.lane)
                }
            }
            addSums(
                chunk, channels: count, UnsafePointer(words), panelStride: panelStride,
                panelCount: panels.count, to: sums, sumStride: sumStride, sumPanelStride: sumPanelStride)
        }
    }

    private func addSums(
        _ chunk: Int, channels count: Int, _ panels: UnsafePointer<Float>, panelStride: Int, panelCount: Int,
        to sums: UnsafeMutablePointer<Float>, sumStride: Int, sumPanelStride: Int
    ) {
        MixedProduct.multiplyRounded(
            ProductOperands(
                rows: count, depth: rows.pairs(chunk).count * rows.width, panelCount: panelCount,
                a: UnsafePointer(base) + chunk * layout.chunkStride, rowStride: layout.channelStride,
                stepStride: layout.pixelStride, weights: panels, weightPanelStride: panelStride,
                out: sums, outStride: sumStride, outPanelStride: sumPanelStride,
                addend: UnsafePointer(sums), addendStride: sumStride, addendPanelStride: sumPanelStride))
    }
}
