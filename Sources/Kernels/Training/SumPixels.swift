import Tensors

/// A picture's features as the rows of sums over its pixels, which give the gradients of weights.
enum SumPixels: Sendable {
    /// Pixels of whole panels, which follow each other.
    case float32(FloatRun)
    case mixed(PixelPairs)

    /// Adds `Σ_pixels x[pixel][r] · panel[pixel][j]` to (r, j) of each panel of `sums`, for the first `count` channels.
    ///
    /// - Parameters:
    ///   - stride: the floats of a pixel.
    ///   - columns: in mixed precision they may be floats, which are rounded.
    ///   - sums: (r, j) of panel p is at `r · sumStride + p · sumPanelStride + j`.
    func addSums(
        channels count: Int, stride: Int, _ columns: SumPanels, panels: Range<Int>,
        to sums: UnsafeMutablePointer<Float>, sumStride: Int, sumPanelStride: Int
    ) {
        switch (self, columns) {
        case (.float32(let pixels), .float32(let columns)):
            PanelProducts.addSums(
                UnsafePointer(pixels.base), stride: stride, rows: count, columns, panels: panels, out: sums,
                outStride: sumStride, outPanelStride: sumPanelStride)
        case (.mixed(let pairs), .mixed(let columns)):
            pairs.addSums(
                channels: count, columns, panels: panels, to: sums, sumStride: sumStride,
                sumPanelStride: sumPanelStride)
        case (.mixed(let pairs), .float32(let columns)):
            pairs.addSums(
                channels: count, rounding: columns, panels: panels, to: sums, sumStride: sumStride,
                sumPanelStride: sumPanelStride)
        case (.float32, .mixed):
            preconditionFailure("sums over pixels: features in float32, columns in bfloat16")
        }
    }
}

/// A picture's features, panel after panel, as the columns of sums over its pixels.
enum SumPanels: Sendable {
    /// Without a border. Sums in mixed precision round them.
    case float32(PixelPanels)
    case mixed(RowPairPanels)

    init(_ run: FloatRun, height: Int, width: Int, in precision: TrainingPrecision) {
        switch precision {
        case .float32: self = .float32(PixelPanels(run, height: height, width: width, border: 0))
        case .mixed: self = .mixed(RowPairPanels(run, rows: RowPairs(height: height, width: width)))
        }
    }

    /// The number of floats that some panels take.
    static func count(panels: Int, height: Int, width: Int, in precision: TrainingPrecision) -> Int {
        switch precision {
        case .float32: PixelPanels.count(panels: panels, height: height, width: width, border: 0)
        case .mixed: RowPairPanels.count(panels: panels, rows: RowPairs(height: height, width: width))
        }
    }

    var target: Depthwise3x3.Target {
        switch self {
        case .float32(let panels): .floats(panels)
        case .mixed(let pairs): .rowPairs(pairs)
        }
    }
}
