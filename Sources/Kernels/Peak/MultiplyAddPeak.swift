import Glibc
import Products
import Tensors

/// The processor's ceiling for products, measured: fused multiply-adds on registers alone.
package enum MultiplyAddPeak {
    /// Floating-point operations per second and core (a multiply-add is two): the best of several short runs,
    /// since whatever else the machine does can only lower it.
    package static func measure(runCount: Int = 20) -> Double {
        var best = 0.0
        for _ in 0..<runCount {
            let start = threadTime()
            let operations = Product.spin(stepCount: 2_000_000)
            best = max(best, Double(operations) / (threadTime() - start))
        }
        return best
    }

    private static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
