import Kernels
import PromptIR
import Restoration
import Terminals
import Tools

/// The output of `promptir bench`, as a table or as JSON (whose keys are these names in snake case).
struct BenchFigures: Encodable {
    struct Operation: Encodable {
        let operation: String
        let wallSeconds: Double
        let cpuSeconds: Double
        let gflopPerCpuSecond: Double
        let gbytePerCpuSecond: Double
        /// The share of the pass's processor time.
        let share: Double
    }

    let width: Int
    let height: Int
    let threads: Int
    let registerBits: Int
    let precision: String
    let wallSeconds: Double
    let cpuSeconds: Double
    /// Of the first pass of all.
    let coldWallSeconds: Double
    let coldCpuSeconds: Double
    /// Of a pass right after one of another size.
    let firstWallSeconds: Double
    let firstCpuSeconds: Double
    let nominalGflop: Double
    let gflopPerSecond: Double
    let peakGflopPerSecondPerCore: Double
    /// The nominal operations per CPU-second divided by the measured peak of a core.
    let shareOfPeak: Double
    let baseBytes: Int
    let peakBytes: Int
    let workingBytes: Int
    let workingBytesPerPixel: Double
    let operations: [Operation]

    init(_ report: ForwardBenchmark.Report, size: ImageSize, threadCount: Int) {
        let median = report.median
        let work = Double(report.nominalOperationCount)
        width = size.width
        height = size.height
        threads = threadCount
        registerBits = Processor.registerBitCount
        precision = report.precision.rawValue
        wallSeconds = median.wallSeconds
        cpuSeconds = median.cpuSeconds
        coldWallSeconds = report.coldPass.wallSeconds
        coldCpuSeconds = report.coldPass.cpuSeconds
        firstWallSeconds = report.firstMedian.wallSeconds
        firstCpuSeconds = report.firstMedian.cpuSeconds
        nominalGflop = work / 1e9
        gflopPerSecond = work / median.wallSeconds / 1e9
        peakGflopPerSecondPerCore = report.peakPerCore / 1e9
        shareOfPeak = work / median.cpuSeconds / report.peakPerCore
        baseBytes = report.baseByteCount
        peakBytes = report.peakByteCount
        workingBytes = report.workingByteCount
        workingBytesPerPixel = Double(report.workingByteCount) / Double(size.width * size.height)
        let total = report.profile.entries.reduce(0) { $0 + $1.cpuSeconds }
        operations = report.profile.entries.map { entry in
            let seconds = max(entry.cpuSeconds, 1e-9)
            return Operation(
                operation: entry.operation, wallSeconds: entry.wallSeconds, cpuSeconds: entry.cpuSeconds,
                gflopPerCpuSecond: Double(entry.operationCount) / seconds / 1e9,
                gbytePerCpuSecond: Double(entry.byteCount) / seconds / 1e9, share: seconds / total)
        }
    }

    var table: String {
        var lines = [
            "\(width)x\(height), \(threads) thread\(threads == 1 ? "" : "s"), \(precision), \(registerBits)-bit registers",
            "wall \(fixed(wallSeconds, 3)) s, CPU \(fixed(cpuSeconds, 3)) s (medians)",
            "after a pass of another size: wall \(fixed(firstWallSeconds, 3)) s, CPU \(fixed(firstCpuSeconds, 3)) s;"
                + " the first of all: wall \(fixed(coldWallSeconds, 3)) s, CPU \(fixed(coldCpuSeconds, 3)) s",
            "\(fixed(nominalGflop, 1)) GFLOP, \(fixed(gflopPerSecond, 1)) GFLOP/s; per CPU-second"
                + " \(fixed(100 * shareOfPeak, 1)) % of the peak of \(fixed(peakGflopPerSecondPerCore, 1)) GFLOP/s",
            "memory: \(fixed(Double(baseBytes) / 1e6, 0)) MB before the first pass, \(fixed(Double(peakBytes) / 1e6, 0))"
                + " MB at most; working memory \(fixed(workingBytesPerPixel, 0)) bytes per pixel",
            "",
            "      CPU s   share   GFLOP/s    GB/s  operation (rates per CPU-second)",
        ]
        for entry in operations.sorted(by: { $0.cpuSeconds > $1.cpuSeconds }) {
            lines.append(
                "\(fixed(entry.cpuSeconds, 4, width: 11))  \(fixed(100 * entry.share, 1, width: 5)) %"
                    + " \(fixed(entry.gflopPerCpuSecond, 1, width: 9)) \(fixed(entry.gbytePerCpuSecond, 1, width: 7))"
                    + "  \(entry.operation)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
