import Tensors

/// A view of a picture's features in bfloat16, as both kinds of products read them in mixed precision.
struct RoundedPixels: Sendable {
    /// The rows of products with weights, see `ProductPixels`.
    let pixels: FloatRun
    /// The rows of sums over pixels.
    let pairs: PixelPairs
    /// The floats of a pixel, whole panels.
    private let stride: Int

    /// The products that read the features.
    enum Use {
        case products
        case sums
        case both
    }

    /// - Parameter stride: the floats of a pixel, whole panels.
    init(_ run: FloatRun, height: Int, width: Int, stride: Int) {
        pixels = run
        pairs = PixelPairs(
            run.advanced(by: RoundedFeatures.floatCount(height * width * stride)),
            rows: RowPairs(height: height, width: width), channels: stride)
        self.stride = stride
    }

    /// The number of floats that a picture takes.
    static func count(height: Int, width: Int, stride: Int) -> Int {
        RoundedFeatures.floatCount(height * width * stride)
            + PixelPairs.count(RowPairs(height: height, width: width), channels: stride)
    }

    /// Rounds a picture.
    ///
    /// - Parameter source: gives the pixels of some pairs of rows, in memory of the thread or elsewhere.
    func store(
        for use: Use, team: WorkerTeam,
        _ source: @Sendable (_ pixels: Range<Int>) -> UnsafePointer<Float>
    ) {
        let rows = pairs.rows
        rows.parallel(team: team) { run in
            let range = rows.pixels(run)
            let source = source(range)
            if use != .sums {
                BFloat16.build.round(
                    source, count: range.count * stride, into: pixels.base + range.lowerBound * stride / 2)
            }
            if use != .products {
                for pair in run {
                    pairs.store(pair, source + (2 * pair * rows.width - range.lowerBound) * stride)
                }
            }
        }
    }
}
