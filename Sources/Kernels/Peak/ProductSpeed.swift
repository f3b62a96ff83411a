import Glibc
import Products
import Tensors

/// Measures the panel product alone, for comparison with another library's.
package enum ProductSpeed {
    /// Returns floating-point operations per second of (rows, depth) · (depth, columns) on one core, the best of
    /// several runs. Packing the weights does not count.
    package static func measure(rows: Int, depth: Int, columns: Int, runCount: Int = 30) throws(OutOfMemory)
        -> Double
    {
        let weights = try PackedMatrix(depth: depth, columns: Array(0..<columns)) { column, row in
            Float((column + row) % 7) * 0.01
        }
        let paddedColumns = weights.panelCount * FeatureMap.lane
        let (a, out) = (
            try AlignedBuffer(count: rows * depth), try AlignedBuffer(count: rows * paddedColumns)
        )
        let bias = try AlignedBuffer(count: paddedColumns)
        for buffer in [a, out, bias] { buffer.zero() }
        var best = Double.infinity
        for _ in 0..<runCount {
            let start = MultiplyAddPeak.threadTime()
            Product.multiply(
                ProductOperands(
                    rows: rows, depth: depth, panelCount: weights.panelCount,
                    a: UnsafePointer(a.base), rowStride: depth,
                    weights: weights.base, weightPanelStride: weights.panelStride,
                    out: out.base, outStride: paddedColumns, outPanelStride: FeatureMap.lane,
                    addend: UnsafePointer(bias.base), addendStride: 0, addendPanelStride: FeatureMap.lane))
            best = min(best, MultiplyAddPeak.threadTime() - start)
        }
        return Double(2 * rows * depth * columns) / best
    }
}
