import Kernels
import PromptIR
import Restoration

/// What `promptir bench` tells, as a table or as JSON.
struct BenchFigures: Encodable {
    struct Operation: Encodable {
        let operation: String
        let wall_seconds: Double
        let gflop_per_second: Double
        let gbyte_per_second: Double
        /// Of the pass's wall time.
        let share: Double
    }

    let width: Int
    let height: Int
    let threads: Int
    let register_bits: Int
    let wall_seconds: Double
    let cpu_seconds: Double
    let nominal_gflop: Double
    let gflop_per_second: Double
    let peak_gflop_per_second_per_core: Double
    /// Nominal operations per CPU-second over the measured peak of a core.
    let share_of_peak: Double
    let base_bytes: Int
    let peak_bytes: Int
    let working_bytes: Int
    let working_bytes_per_pixel: Double
    let operations: [Operation]

    init(_ report: ForwardBenchmark.Report, size: ImageSize, threadCount: Int) {
        let median = report.median
        let work = Double(report.nominalOperationCount)
        width = size.width
        height = size.height
        threads = threadCount
        register_bits = Processor.registerBitCount
        wall_seconds = median.wallSeconds
        cpu_seconds = median.cpuSeconds
        nominal_gflop = work / 1e9
        gflop_per_second = work / median.wallSeconds / 1e9
        peak_gflop_per_second_per_core = report.peakPerCore / 1e9
        share_of_peak = work / median.cpuSeconds / report.peakPerCore
        base_bytes = report.baseByteCount
        peak_bytes = report.peakByteCount
        working_bytes = report.workingByteCount
        working_bytes_per_pixel = Double(report.workingByteCount) / Double(size.width * size.height)
        let total = report.profile.entries.reduce(0) { $0 + $1.wallTime.seconds }
        operations = report.profile.entries.map { entry in
            let seconds = max(entry.wallTime.seconds, 1e-9)
            return Operation(
                operation: entry.operation, wall_seconds: seconds,
                gflop_per_second: Double(entry.operationCount) / seconds / 1e9,
                gbyte_per_second: Double(entry.byteCount) / seconds / 1e9, share: seconds / total)
        }
    }

    var table: String {
        var lines = [
            "\(width)x\(height), \(threads) thread\(threads == 1 ? "" : "s"), \(register_bits)-bit registers",
            "wall \(fixed(wall_seconds, 3)) s, CPU \(fixed(cpu_seconds, 3)) s (medians)",
            "\(fixed(nominal_gflop, 1)) GFLOP, \(fixed(gflop_per_second, 1)) GFLOP/s; per CPU-second"
                + " \(fixed(100 * share_of_peak, 1)) % of the peak of \(fixed(peak_gflop_per_second_per_core, 1)) GFLOP/s",
            "memory: \(fixed(Double(base_bytes) / 1e6, 0)) MB before the first pass, \(fixed(Double(peak_bytes) / 1e6, 0))"
                + " MB at most; working memory \(fixed(working_bytes_per_pixel, 0)) bytes per pixel",
            "",
            "     wall s   share   GFLOP/s    GB/s  operation",
        ]
        for entry in operations.sorted(by: { $0.wall_seconds > $1.wall_seconds }) {
            lines.append(
                "\(fixed(entry.wall_seconds, 4, width: 11))  \(fixed(100 * entry.share, 1, width: 5)) %"
                    + " \(fixed(entry.gflop_per_second, 1, width: 9)) \(fixed(entry.gbyte_per_second, 1, width: 7))"
                    + "  \(entry.operation)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + 1e-18 * Double(components.attoseconds)
    }
}
