import Glibc
import Products
import Tensors

/// A dense 3×3 convolution with zero padding (PyTorch `Conv2d(kernel_size: 3, padding: 1)`), computed as three
/// products over rows, because three neighbouring pixels of a padded row are contiguous. In bfloat16 it is one product
/// in three segments, and in int8 nine products, because each pixel has its own scale.
package struct Convolution3x3: Sendable {
    /// The layout of the output's pixels.
    package enum Rearrangement: Sendable {
        case none
        /// PyTorch `PixelShuffle(2)`: channel 4·c + 2·i + j of pixel (y, x) goes to channel c of (2y+i, 2x+j).
        case shuffle
        /// PyTorch `PixelUnshuffle(2)`, the inverse of `shuffle`.
        case unshuffle
    }

    /// In int8, nine matrices side by side, one for each tap with scales of its own.
    let matrix: PackedMatrix
    let bias: PaddedRow
    /// Panels of output channels.
    private let panelCount: Int
    /// The values from pixel to pixel of the input.
    let inputStride: Int
    package let outputChannels: Int
    package let rearrangement: Rearrangement

    /// - Parameters:
    ///   - inputStride: values from pixel to pixel of the input; at least `inputChannels`. Whole panels in bfloat16.
    ///   - weights: (outputChannels, inputChannels, 3, 3), row-major.
    package init(
        inputChannels: Int, inputStride: Int, outputChannels: Int, rearrangement: Rearrangement = .none,
        weights: [Float], bias: [Float]?, precision: Precision = .float32
    ) throws(OutOfMemory) {
        precondition(
            precision == .float32 || inputStride % FeatureMap.lane == 0, "a stride of whole panels is needed")
        var columns: [Int?] = []
        if rearrangement == .shuffle {
            // Columns are grouped by target pixel, so that a group's channels are stored side by side.
            let groupWidth = FeatureMap.paddedChannels(outputChannels / 4)
            for group in 0..<4 {
                columns += (0..<groupWidth).map { $0 < outputChannels / 4 ? 4 * $0 + group : nil }
            }
        } else {
            columns = Array(0..<outputChannels)
        }
        self.inputStride = inputStride
        self.outputChannels = outputChannels
        self.rearrangement = rearrangement
        func weight(_ column: Int, _ tap: Int, _ channel: Int) -> Float {
            channel < inputChannels ? weights[(column * inputChannels + channel) * 9 + tap] : 0
        }
        let columnCount = FeatureMap.paddedChannels(columns.count)
        panelCount = columnCount / FeatureMap.lane
        if precision == .int8 {
            let padding = [Int?](repeating: nil, count: columnCount - columns.count)
            let taps = (0..<9).flatMap { tap in columns.map { $0.map { 9 * $0 + tap } } + padding }
            matrix = try PackedMatrix(depth: inputStride, columns: taps, precision: precision) {
                weight($0 / 9, $0 % 9, $1)
            }
        } else {
            matrix = try PackedMatrix(depth: 9 * inputStride, columns: columns, precision: precision) {
                weight($0, $1 / inputStride, $1 % inputStride)
            }
        }
        self.bias = try PaddedRow(columns: columns) { bias?[$0] ?? 0 }
    }

    private var precision: Precision { matrix.precision }
    /// Words from pixel to pixel of a band.
    private var bandStride: Int { precision.operandWordCount(inputStride) }

    /// Floats of scratch that a task needs.
    package func scratchCount(grid: StripGrid) -> Int {
        grid.largestBandPixelCount * (bandStride + panelCount * FeatureMap.lane)
            + (precision == .int8
                ? FeatureMap.paddedChannels(grid.largestBandPixelCount)
                    + grid.largestHaloWidth * panelCount * precision.wordCount(FeatureMap.lane) : 0)
    }

    /// Computes one strip (in the input's coordinates) of `output`. The input has the weights' precision; the output may
    /// be bfloat16 where they are float32. The maps must not overlap.
    package func run(
        _ strip: Strip, grid: StripGrid, input: FeatureMap, output: FeatureMap,
        scratch: FloatRun
    ) {
        let x = strip.columns.lowerBound
        forEachRow(strip, grid: grid, input: input, scratch: scratch.base) { y, padded in
            switch rearrangement {
            case .none where output.precision != precision:
                // The image's convolution adds to its sums in three products, and only the last result is rounded.
                let (staging, stride) = (padded.staging, panelCount * FeatureMap.lane)
                multiply(padded, strip, panels: 0..<panelCount, out: staging, outStride: stride)
                BFloat16.build.round(staging, count: strip.columns.count * stride, into: output.pixel(y, x))
            case .none:
                multiply(
                    padded, strip, panels: 0..<panelCount, out: output.pixel(y, x),
                    outStride: output.stride)
            case .shuffle:
                let panels = panelCount / 4
                for group in 0..<4 {
                    multiply(
                        padded, strip, panels: group * panels..<(group + 1) * panels,
                        out: output.pixel(2 * y + group / 2, 2 * x + group % 2), outStride: 2 * output.stride)
                }
            case .unshuffle:
                let staging = precision == .int8 ? padded.roundedStaging : padded.staging
                let stride = FeatureMap.stride(panelCount * FeatureMap.lane, in: precision)
                multiply(padded, strip, panels: 0..<panelCount, out: staging, outStride: stride)
                for column in 0..<strip.columns.count {
                    let pixel = output.pixel(y / 2, (x + column) / 2)
                    let part = (y % 2) * 2 + (x + column) % 2
                    switch precision {
                    case .float32:
                        unshuffle(staging + column * stride, into: pixel, part: part, of: output)
                    case .bfloat16, .bfloat16AMX, .int8:
                        unshuffle(
                            UnsafeRawPointer(staging + column * stride).assumingMemoryBound(to: UInt16.self),
                            into: UnsafeMutableRawPointer(pixel).assumingMemoryBound(to: UInt16.self),
                            part: part, of: output)
                    }
                }
            }
        }
    }

    /// Writes a pixel's values to one of the four parts of a target pixel.
    @inline(__always)
    private func unshuffle<Value: Numeric>(
        _ source: UnsafePointer<Value>, into pixel: UnsafeMutablePointer<Value>, part: Int,
        of output: FeatureMap
    ) {
        for channel in 0..<outputChannels { pixel[4 * channel + part] = source[channel] }
        // The first of the four pixels of a target pixel writes the padding.
        if part == 0 {
            for index in 4 * outputChannels..<output.stride * precision.valuesPerWord { pixel[index] = 0 }
        }
    }

    /// Some rows of the input with a zero border.
    private struct PaddedRows {
        /// The first of three rows.
        let pixels: UnsafePointer<Float>
        /// In int8 the scales of the same pixels.
        let scales: UnsafePointer<Float>
        /// Memory for the results of a row as floats.
        let staging: UnsafeMutablePointer<Float>
        /// In int8 the same for rounded results.
        let roundedStaging: UnsafeMutablePointer<Float>
    }

    /// Copies rows into a band with a zero border and calls `body(y, three padded rows)`.
    private func forEachRow(
        _ strip: Strip, grid: StripGrid, input: FeatureMap, scratch: UnsafeMutablePointer<Float>,
        _ body: (Int, PaddedRows) -> Void
    ) {
        let rowWords = strip.haloWidth * bandStride
        let staging = scratch + grid.largestBandPixelCount * bandStride
        let scales = staging + grid.largestBandPixelCount * panelCount * FeatureMap.lane
        let roundedStaging = scales + FeatureMap.paddedChannels(grid.largestBandPixelCount)
        Band.forEach(in: strip, of: input) { band in
            if !band.isFirst {
                // The previous band is full, and its last two rows are the first of this one.
                memmove(scratch, scratch + strip.bandHeight * rowWords, 2 * rowWords * 4)
                if precision == .int8 {
                    memmove(scales, scales + strip.bandHeight * strip.haloWidth, 2 * strip.haloWidth * 4)
                }
            }
            band.forEachNewRun(of: input) { source, offset, count in
                let pixel = band.newPixelOffset + offset
                let target = scratch + pixel * bandStride
                switch precision {
                case .float32, .bfloat16, .bfloat16AMX: memcpy(target, source, count * bandStride * 4)
                case .int8:
                    Int8Operands.quantize(
                        source, of: input, count: count, into: target, scales: scales + pixel)
                }
            }
            band.zeroOutside(scratch, stride: bandStride)
            if precision == .int8 { band.zeroOutside(scales, stride: 1) }
            for row in 0..<band.rowCount {
                body(
                    band.y + row,
                    PaddedRows(
                        pixels: UnsafePointer(scratch + row * rowWords),
                        scales: UnsafePointer(scales + row * strip.haloWidth), staging: staging,
                        roundedStaging: roundedStaging))
            }
        }
    }

    private func multiply(
        _ padded: PaddedRows, _ strip: Strip, panels: Range<Int>, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        switch precision {
        case .float32: multiplyRows(padded, strip, panels: panels, out: out, outStride: outStride)
        case .bfloat16, .bfloat16AMX:
            multiplyAtOnce(padded, strip, panels: panels, out: out, outStride: outStride)
        case .int8: multiplyTaps(padded, strip, panels: panels, out: out, outStride: outStride)
        }
    }

    private func multiplyAtOnce(
        _ padded: PaddedRows, _ strip: Strip, panels: Range<Int>, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        let lane = FeatureMap.lane
        Product.multiply(
            ProductOperands(
                rows: strip.columns.count, depth: 3 * bandStride, segmentCount: 3,
                segmentStride: strip.haloWidth * bandStride, panelCount: panels.count,
                a: padded.pixels, rowStride: bandStride,
                weights: matrix.base + panels.lowerBound * matrix.panelStride,
                weightPanelStride: matrix.panelStride, out: out, outStride: outStride,
                outPanelStride: precision.wordCount(lane),
                addend: bias.base + panels.lowerBound * lane, addendStride: 0, addendPanelStride: lane,
                targetForm: .rounded),
            in: precision)
    }

    private func multiplyRows(
        _ padded: PaddedRows, _ strip: Strip, panels: Range<Int>, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        let lane = FeatureMap.lane
        let segment = 3 * bandStride
        for tap in 0..<3 {
            Product.multiply(
                ProductOperands(
                    rows: strip.columns.count, depth: segment, panelCount: panels.count,
                    a: padded.pixels + tap * strip.haloWidth * inputStride, rowStride: inputStride,
                    weights: matrix.base + panels.lowerBound * matrix.panelStride + tap * segment * lane,
                    weightPanelStride: matrix.panelStride,
                    out: out, outStride: outStride, outPanelStride: lane,
                    addend: tap == 0 ? bias.base + panels.lowerBound * lane : UnsafePointer(out),
                    addendStride: tap == 0 ? 0 : outStride, addendPanelStride: lane))
        }
    }

    /// The sums of the taps are added as floats, and the last product rounds them.
    private func multiplyTaps(
        _ padded: PaddedRows, _ strip: Strip, panels: Range<Int>, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        let lane = FeatureMap.lane
        let (staging, stride) = (padded.staging, panels.count * lane)
        for tap in 0..<9 {
            let pixel = tap / 3 * strip.haloWidth + tap % 3
            let panel = tap * panelCount + panels.lowerBound
            let (isFirst, isLast) = (tap == 0, tap == 8)
            Product.multiply(
                ProductOperands(
                    rows: strip.columns.count, depth: bandStride, panelCount: panels.count,
                    a: padded.pixels + pixel * bandStride, rowStride: bandStride,
                    weights: matrix.base + panel * matrix.panelStride,
                    weightPanelStride: matrix.panelStride,
                    out: isLast ? out : staging, outStride: isLast ? outStride : stride,
                    outPanelStride: isLast ? precision.wordCount(lane) : lane,
                    addend: isFirst ? bias.base + panels.lowerBound * lane : UnsafePointer(staging),
                    addendStride: isFirst ? 0 : stride, addendPanelStride: lane,
                    targetForm: isLast ? .rounded : .floats,
                    scales: matrix.scales(rows: padded.scales + pixel, panel: panel)),
                in: precision)
        }
    }
}
