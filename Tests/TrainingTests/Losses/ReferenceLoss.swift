import Foundation

/// The losses, obvious and in double: every window of SSIM summed by itself.
enum ReferenceLoss {
    static func mse(_ output: [Double], _ clean: [Double]) -> Double {
        zip(output, clean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(output.count)
    }

    static func l1(_ output: [Double], _ clean: [Double]) -> Double {
        zip(output, clean).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(output.count)
    }

    static func l1SSIM(
        _ output: [Double], _ clean: [Double], planes: Int, height: Int, width: Int, alpha: Double
    ) -> Double {
        let size = height * width
        let similarity = (0..<planes).reduce(0.0) { sum, plane in
            let range = plane * size..<(plane + 1) * size
            return sum + ssim(Array(output[range]), Array(clean[range]), height: height, width: width)
        }
        return alpha * l1(output, clean) + (1 - alpha) * (1 - similarity / Double(planes))
    }

    private static func ssim(_ x: [Double], _ y: [Double], height: Int, width: Int) -> Double {
        var window = (0..<11).map { exp(-Double(($0 - 5) * ($0 - 5)) / 4.5) }
        let total = window.reduce(0, +)
        window = window.map { $0 / total }
        var sum = 0.0
        for top in 0...(height - 11) {
            for left in 0...(width - 11) {
                var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0)
                for row in 0..<11 {
                    for column in 0..<11 {
                        let weight = window[row] * window[column]
                        let index = (top + row) * width + left + column
                        a += weight * x[index]
                        b += weight * y[index]
                        aa += weight * x[index] * x[index]
                        bb += weight * y[index] * y[index]
                        ab += weight * x[index] * y[index]
                    }
                }
                sum +=
                    (2 * a * b + 1e-4) * (2 * (ab - a * b) + 9e-4)
                    / ((a * a + b * b + 1e-4) * (aa - a * a + bb - b * b + 9e-4))
            }
        }
        return sum / Double((height - 10) * (width - 10))
    }
}
