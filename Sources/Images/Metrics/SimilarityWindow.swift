/// SSIM's moving window over two pictures that arrive row by row. It needs memory for eleven rows, for any height.
///
/// scikit-image filters whole planes with reflection at the borders, and then crops everything that a border
/// affected. This type computes only the places where the whole window is within the picture.
struct SimilarityWindow {
    private static let side = StructuralSimilarity.windowSide
    private static let (firstStability, secondStability) = StructuralSimilarity.stabilities(dataRange: 255)

    /// The five local moments that SSIM needs.
    private struct Moments {
        var a: [Double]
        var b: [Double]
        var aa: [Double]
        var bb: [Double]
        var ab: [Double]
    }

    private let channelCount: Int
    private let weights: [Double]
    /// The last eleven rows, filtered along the row; row y is at y modulo 11.
    private var rows: [Moments]
    private let zeroMoments: Moments
    private var rowCount = 0
    private var sum = 0.0
    private var placeCount = 0

    /// Creates a window. `width` must be at least 11.
    init(width: Int, channelCount: Int) {
        self.channelCount = channelCount
        weights = StructuralSimilarity.windowWeights
        let zeros = [Double](repeating: 0, count: (width - Self.side + 1) * channelCount)
        zeroMoments = Moments(a: zeros, b: zeros, aa: zeros, bb: zeros, ab: zeros)
        rows = [Moments](repeating: zeroMoments, count: Self.side)
    }

    /// The mean over all places so far.
    var mean: Double { sum / Double(placeCount) }

    /// Adds the next row of both pictures, interleaved by pixel.
    mutating func add(_ a: [Double], _ b: [Double]) {
        rows[rowCount % Self.side] = Moments(
            a: alongRow(a), b: alongRow(b), aa: alongRow(zip(a, a).map(*)), bb: alongRow(zip(b, b).map(*)),
            ab: alongRow(zip(a, b).map(*)))
        rowCount += 1
        if rowCount >= Self.side {
            addPlaces(momentsDownColumns())
        }
    }

    private func alongRow(_ row: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: row.count - (Self.side - 1) * channelCount)
        for (tap, weight) in weights.enumerated() {
            Self.add(row, from: tap * channelCount, times: weight, to: &result)
        }
        return result
    }

    private func momentsDownColumns() -> Moments {
        var column = zeroMoments
        // The window begins with the oldest row, which the next one replaces.
        for tap in 0..<Self.side {
            let row = rows[(rowCount + tap) % Self.side]
            let weight = weights[tap]
            Self.add(row.a, times: weight, to: &column.a)
            Self.add(row.b, times: weight, to: &column.b)
            Self.add(row.aa, times: weight, to: &column.aa)
            Self.add(row.bb, times: weight, to: &column.bb)
            Self.add(row.ab, times: weight, to: &column.ab)
        }
        return column
    }

    /// Adds row · weight to result, reading the row from `shift` on.
    private static func add(
        _ row: [Double], from shift: Int = 0, times weight: Double, to result: inout [Double]
    ) {
        precondition(row.count >= result.count + shift)
        for i in result.indices {
            result[i] += weight * row[i + shift]
        }
    }

    private mutating func addPlaces(_ column: Moments) {
        var rowSum = 0.0
        for i in column.a.indices {
            let meanA = column.a[i]
            let meanB = column.b[i]
            let varianceA = column.aa[i] - meanA * meanA
            let varianceB = column.bb[i] - meanB * meanB
            let covariance = column.ab[i] - meanA * meanB
            let luminance =
                (2 * meanA * meanB + Self.firstStability)
                / (meanA * meanA + meanB * meanB + Self.firstStability)
            let structure =
                (2 * covariance + Self.secondStability) / (varianceA + varianceB + Self.secondStability)
            rowSum += luminance * structure
        }
        sum += rowSum
        placeCount += column.a.count
    }
}
