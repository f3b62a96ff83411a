import Products
import Tensors

/// Replaces a matrix by nearly the nearest one with orthonormal rows or columns, by five Newton–Schulz steps of degree
/// five (Jordan et al. 2024, "Muon"). The singular values of the result lie between about 0.7 and 1.2.
///
/// The object holds scratch memory, so each worker needs its own. The result is the same on every processor.
package final class Orthogonalisation {
    /// The polynomial σ ↦ aσ + bσ³ + cσ⁵, whose slope at 0 is as large as convergence permits.
    package static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.7750, 2.0315)
    package static let stepCount = 5

    private let matrix: AlignedBuffer
    private let next: AlignedBuffer
    private let transposed: AlignedBuffer
    private let gram: AlignedBuffer
    private let polynomial: AlignedBuffer
    private let zeros: AlignedBuffer

    /// - Parameters:
    ///   - shortSide: the largest min(rows, columns) of the matrices.
    ///   - longSide: the largest max(rows, columns).
    package init(shortSide: Int, longSide: Int) throws(OutOfMemory) {
        let (short, long) = (FeatureMap.paddedChannels(shortSide), FeatureMap.paddedChannels(longSide))
        matrix = try AlignedBuffer(count: short * long)
        next = try AlignedBuffer(count: short * long)
        transposed = try AlignedBuffer(count: short * long)
        gram = try AlignedBuffer(count: short * short)
        polynomial = try AlignedBuffer(count: short * short)
        zeros = try AlignedBuffer(count: long)
    }

    /// Replaces the row-major matrix `values` of `rows` by `columns` floats. A matrix of zeros stays one.
    package func run(_ values: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        let isTall = rows > columns
        let (short, long) = (min(rows, columns), max(rows, columns))
        let (shortStride, stride) = (FeatureMap.paddedChannels(short), FeatureMap.paddedChannels(long))
        precondition(
            short * stride <= matrix.count && short * shortStride <= gram.count,
            "Orthogonalisation: the matrix exceeds the scratch memory")
        var squares = 0.0
        for index in 0..<rows * columns { squares += Double(values[index] * values[index]) }
        guard squares > 0 else { return }
        let factor = Float(1 / squares.squareRoot())
        var (x, y) = (matrix.base, next.base)
        for r in 0..<short {
            let row = x + r * stride
            for c in 0..<long { row[c] = values[isTall ? c * columns + r : r * columns + c] * factor }
            for c in long..<stride { row[c] = 0 }
        }
        for _ in 0..<Self.stepCount {
            step(x, into: y, short: short, long: long)
            swap(&x, &y)
        }
        for r in 0..<short {
            for c in 0..<long { values[isTall ? c * columns + r : r * columns + c] = x[r * stride + c] }
        }
    }

    /// y = a x + (b G + c G G) x, with G = x xᵀ.
    private func step(
        _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, short: Int, long: Int
    ) {
        let (shortStride, stride) = (FeatureMap.paddedChannels(short), FeatureMap.paddedChannels(long))
        let (a, b, c) = Self.coefficients
        let (t, g, p) = (transposed.base, gram.base, polynomial.base)
        for k in 0..<long {
            for r in 0..<short { t[k * shortStride + r] = x[r * stride + k] }
            for r in short..<shortStride { t[k * shortStride + r] = 0 }
        }
        multiply(x, stride, rows: short, depth: long, by: t, shortStride, into: g)
        multiply(g, shortStride, rows: short, depth: short, by: g, shortStride, into: p)
        for index in 0..<short * shortStride { p[index] = b * g[index] + c * p[index] }
        for r in 0..<short { p[r * shortStride + r] += a }
        multiply(p, shortStride, rows: short, depth: short, by: x, stride, into: y)
    }

    /// `out = left right`; all row-major with padded rows.
    private func multiply(
        _ left: UnsafeMutablePointer<Float>, _ leftStride: Int, rows: Int, depth: Int,
        by right: UnsafeMutablePointer<Float>, _ rightStride: Int, into out: UnsafeMutablePointer<Float>
    ) {
        Product.multiply(
            ProductOperands(
                rows: rows, depth: depth, panelCount: rightStride / FeatureMap.lane,
                a: UnsafePointer(left), rowStride: leftStride,
                weights: UnsafePointer(right), weightPanelStride: FeatureMap.lane,
                weightStepStride: rightStride,
                out: out, outStride: rightStride, outPanelStride: FeatureMap.lane,
                addend: UnsafePointer(zeros.base), addendStride: 0, addendPanelStride: FeatureMap.lane))
    }
}
