import COpenBLAS
import Kernels
import PromptIR

/// Compares our matrix product with OpenBLAS's on the shapes of the network's 1×1 convolutions, on one core. Nothing
/// else uses OpenBLAS: its sums depend on the processor, and restored pictures must not.
package struct ProductBenchmark {
    package struct Row: Sendable, Encodable {
        /// Input channels.
        package let depth: Int
        /// Output channels.
        package let columns: Int
        /// Floating-point operations per second.
        package let ours: Double
        package let openBLAS: Double
    }

    /// The number of pixels of a call, as in the rows of a strip.
    package static let rowCount = 4096
    /// The shapes of q, k and v, and of the feed-forward network's projections, at the published network's
    /// four levels.
    package static let shapes = [48, 96, 192, 384].flatMap { [($0, 3 * $0), ($0, 5 * $0), (5 * $0 / 2, $0)] }

    package init() {}

    /// - Throws: `OpenBLASMissing`, or an error of our own product.
    package func run() throws -> [Row] {
        if let problem = open_blas_load() {
            throw OpenBLASMissing(reason: String(cString: problem))
        }
        return try Self.shapes.map { depth, columns in
            Row(
                depth: depth, columns: columns,
                ours: try ProductSpeed.measure(rows: Self.rowCount, depth: depth, columns: columns),
                openBLAS: openBLASSpeed(depth: depth, columns: columns))
        }
    }

    private func openBLASSpeed(depth: Int, columns: Int, runCount: Int = 30) -> Double {
        let (rows, k, n) = (Int32(Self.rowCount), Int32(depth), Int32(columns))
        let a = [Float](repeating: 0.5, count: Self.rowCount * depth)
        let b = [Float](repeating: 0.01, count: depth * columns)
        var out = [Float](repeating: 0, count: Self.rowCount * columns)
        var best = Double.infinity
        for _ in 0..<runCount {
            let start = Clock.cpuSeconds()
            open_blas_product(rows, n, k, a, b, &out)
            best = min(best, Clock.cpuSeconds() - start)
        }
        return Double(2 * Self.rowCount * depth * columns) / best
    }
}

/// OpenBLAS cannot be loaded, so there is nothing to compare with.
package struct OpenBLASMissing: Error, CustomStringConvertible {
    let reason: String

    package var description: String {
        "cannot load OpenBLAS, with which this benchmark compares (\(reason)): install it (Debian: libopenblas0)"
    }
}
