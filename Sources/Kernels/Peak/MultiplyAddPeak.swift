import Glibc
import Products
import Tensors

/// Measures the processor's limit for products: fused multiply-adds on registers only.
package enum MultiplyAddPeak {
    /// Returns floating-point operations per second and core (a multiply-add is two). This is the best of several
    /// short runs, because other work on the machine can only lower the result.
    package static func measure(in precision: Precision = .float32, runCount: Int = 20) -> Double {
        var best = 0.0
        for _ in 0..<runCount {
            let start = threadTime()
            let operations = Product.spin(stepCount: 2_000_000, in: precision)
            best = max(best, Double(operations) / (threadTime() - start))
        }
        return best
    }

    static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
