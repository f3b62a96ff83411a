/// Computes one plane of `SimilarityLoss` in memory that the caller provides.
struct PlaneScratch {
    private typealias Row = UnsafeMutablePointer<Double>

    /// The number of moments: E[x], E[y], E[xx], E[yy], E[xy].
    private static let momentCount = 5

    private let height: Int
    private let width: Int
    /// The number of places of the window in the plane, along each axis.
    private let placeRows: Int
    private let placeColumns: Int
    private let window: SimilarityLoss.Window
    /// The moments along rows, (5, height, placeColumns); later the gradient's columns.
    private let alongRows: Row
    /// The derivatives of the similarity by E[x], E[xx] and E[xy], (3, placeRows, placeColumns).
    private let derivatives: Row
    /// Five rows of `width` products.
    private let products: Row
    /// Five rows of `placeColumns` moments.
    private let moments: Row

    static func count(height: Int, width: Int, tapCount: Int) -> Int {
        let (rows, columns) = (height - tapCount + 1, width - tapCount + 1)
        return momentCount * height * columns + 3 * rows * columns + momentCount * (width + columns)
    }

    init(height: Int, width: Int, window: SimilarityLoss.Window, base: UnsafeMutablePointer<Double>) {
        self.height = height
        self.width = width
        self.window = window
        placeRows = height - window.side + 1
        placeColumns = width - window.side + 1
        alongRows = base
        derivatives = alongRows + Self.momentCount * height * placeColumns
        products = derivatives + 3 * placeRows * placeColumns
        moments = products + Self.momentCount * width
    }

    /// Returns the sum of the similarity over all places and stores its derivatives for `addGradient`.
    mutating func similarity(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Double {
        for row in 0..<height {
            multiply(x + row * width, y + row * width)
            for moment in 0..<Self.momentCount {
                filter(products + moment * width, into: alongRows + (moment * height + row) * placeColumns)
            }
        }
        var sum = 0.0
        for row in 0..<placeRows {
            for moment in 0..<Self.momentCount {
                let target = moments + moment * placeColumns
                clear(target, placeColumns)
                for tap in 0..<window.side {
                    add(
                        alongRows + (moment * height + row + tap) * placeColumns, times: window.weights[tap],
                        to: target, count: placeColumns)
                }
            }
            sum += compare(row)
        }
        return sum
    }

    /// Adds `factor` times the gradient of the result of `similarity` with respect to `x`.
    mutating func addGradient(
        _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, factor: Double,
        to gradient: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<height {
            for map in 0..<3 {
                // The columns come first, in reverse: the places whose window contains this row.
                let column = moments + map * placeColumns
                clear(column, placeColumns)
                for place in max(0, row - window.side + 1)...min(row, placeRows - 1) {
                    add(
                        derivatives + (map * placeRows + place) * placeColumns,
                        times: window.weights[row - place],
                        to: column, count: placeColumns)
                }
                let spread = products + map * width
                clear(spread, width)
                for tap in 0..<window.side {
                    add(column, times: window.weights[tap], to: spread + tap, count: placeColumns)
                }
            }
            let (byMean, bySquare, byProduct) = (products, products + width, products + 2 * width)
            for column in 0..<width {
                let index = row * width + column
                let sum =
                    byMean[column] + 2 * Double(x[index]) * bySquare[column]
                    + Double(y[index]) * byProduct[column]
                gradient[index] += Float(factor * sum)
            }
        }
    }

    private func multiply(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) {
        for column in 0..<width {
            let (a, b) = (Double(x[column]), Double(y[column]))
            products[column] = a
            products[width + column] = b
            products[2 * width + column] = a * a
            products[3 * width + column] = b * b
            products[4 * width + column] = a * b
        }
    }

    private func filter(_ row: Row, into target: Row) {
        clear(target, placeColumns)
        for tap in 0..<window.side {
            add(row + tap, times: window.weights[tap], to: target, count: placeColumns)
        }
    }

    private func clear(_ row: Row, _ count: Int) {
        row.update(repeating: 0, count: count)
    }

    /// Adds source · weight to target.
    @inline(__always)
    private func add(_ source: Row, times weight: Double, to target: Row, count: Int) {
        for index in 0..<count {
            target[index] = target[index].addingProduct(source[index], weight)
        }
    }

    /// Returns the similarity summed over one row of places, from `moments`.
    private func compare(_ row: Int) -> Double {
        let n = placeColumns
        let byMean = derivatives + row * n
        let bySquare = byMean + placeRows * n
        let byProduct = bySquare + placeRows * n
        var sum = 0.0
        for place in 0..<n {
            let (a, b) = (moments[place], moments[n + place])
            let varianceSum = moments[2 * n + place] - a * a + moments[3 * n + place] - b * b
            let covariance = moments[4 * n + place] - a * b
            let luminance = 2 * a * b + window.firstStability
            let structure = 2 * covariance + window.secondStability
            let luminanceNorm = a * a + b * b + window.firstStability
            let structureNorm = varianceSum + window.secondStability
            let inverse = 1 / (luminanceNorm * structureNorm)
            let similarity = luminance * structure * inverse
            sum += similarity
            let overStructure = similarity / structureNorm
            bySquare[place] = -overStructure
            byProduct[place] = 2 * luminance * inverse
            byMean[place] =
                2 * b * (structure - luminance) * inverse
                + 2 * a * (overStructure - similarity / luminanceNorm)
        }
        return sum
    }
}
