import Glibc
import Products
import Tensors

/// The last layer, in float32 whatever its input is: a 3×3 convolution to a few channels, plus the image (PyTorch
/// `Conv2d(kernel_size: 3, padding: 1)`).
///
/// Three output channels would leave most of a panel's 16 columns empty nine times. The product therefore computes
/// the contributions of all nine taps of a pixel at once, in 27 columns, and the taps are added afterwards.
package struct OutputConvolution: Sendable {
    /// The weights, with column `tap · outputChannels + channel`.
    let matrix: PackedMatrix
    let bias: [Float]
    package let outputChannels: Int

    /// - Parameter weights: (outputChannels, inputChannels, 3, 3), row-major.
    package init(
        inputChannels: Int, outputChannels: Int, weights: [Float], bias: [Float]?
    ) throws(OutOfMemory) {
        self.outputChannels = outputChannels
        self.bias = bias ?? [Float](repeating: 0, count: outputChannels)
        matrix = try PackedMatrix(depth: inputChannels, columns: Array(0..<9 * outputChannels)) {
            column, row in
            let (tap, channel) = (column / outputChannels, column % outputChannels)
            return weights[(channel * inputChannels + row) * 9 + tap]
        }
    }

    /// The distance between pixels of the contributions, in floats.
    private var stride: Int { matrix.panelCount * FeatureMap.lane }

    /// The number of floats of scratch memory that a task needs.
    package func scratchCount(grid: StripGrid) -> Int {
        grid.largestBandPixelCount * stride + FeatureMap.lane
            + grid.largestHaloWidth * FeatureMap.paddedChannels(matrix.depth)
    }

    /// Computes one strip of `output = convolution(input) + image` as planes.
    ///
    /// - Parameters:
    ///   - planes: `outputChannels` planes of the image, no larger than `input`, which is cropped to them.
    ///     Their output is overwritten.
    package func run(_ strip: Strip, input: FeatureMap, planes: ImagePlanes, scratch: FloatRun) {
        Band.forEach(in: strip, of: input) { band in
            multiply(band, input, scratch.base)
            for row in 0..<max(0, min(band.rowCount, planes.height - band.y)) {
                addTaps(band, row: row, scratch.base, planes)
            }
        }
    }

    /// Fills the region with the contributions of a band's pixels.
    private func multiply(_ band: Band, _ input: FeatureMap, _ region: UnsafeMutablePointer<Float>) {
        let rowFloats = band.haloWidth * stride
        if !band.isFirst {
            // The previous band is full, and its last two rows are the first of this one.
            memmove(region, region + band.strip.bandHeight * rowFloats, 2 * rowFloats * 4)
        }
        let start = region + band.newPixelOffset * stride
        // There is no bias here, because a pixel outside the image contributes nothing.
        let zeros = region + band.strip.largestRegionPixelCount * stride
        memset(zeros, 0, FeatureMap.lane * 4)
        let widened = zeros + FeatureMap.lane
        let inputStride = FeatureMap.paddedChannels(input.channels)
        band.forEachNewRun(of: input) { source, offset, count in
            let isNarrow = input.precision != .float32
            if isNarrow { BFloat16.build.widen(source, count: count * inputStride, into: widened) }
            Product.multiply(
                ProductOperands(
                    rows: count, depth: matrix.depth, panelCount: matrix.panelCount,
                    a: UnsafePointer(isNarrow ? widened : source),
                    rowStride: isNarrow ? inputStride : input.stride,
                    weights: matrix.base, weightPanelStride: matrix.panelStride,
                    out: start + offset * stride, outStride: stride, outPanelStride: FeatureMap.lane,
                    addend: UnsafePointer(zeros), addendStride: 0, addendPanelStride: 0))
        }
        band.zeroOutside(region, stride: stride)
    }

    /// Computes one row of the output: the nine contributions to each pixel, the bias and the image.
    private func addTaps(
        _ band: Band, row: Int, _ region: UnsafePointer<Float>, _ planes: ImagePlanes
    ) {
        let (height, width, channels) = (planes.height, planes.width, outputChannels)
        let rowFloats = band.haloWidth * stride
        let first = band.strip.columns.lowerBound
        let end = max(first, min(band.strip.columns.upperBound, width))
        for x in first..<end {
            let corner = region + row * rowFloats + (x - first) * stride
            for channel in 0..<channels {
                var sum = bias[channel]
                for tapRow in 0..<3 {
                    let source = corner + tapRow * rowFloats + 3 * tapRow * channels + channel
                    sum += source[0] + source[stride + channels] + source[2 * (stride + channels)]
                }
                let index = (channel * height + band.y + row) * width + x
                planes.output[index] = sum + planes.input[index]
            }
        }
    }
}
