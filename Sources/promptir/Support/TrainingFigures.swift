import Terminals
import Training

/// The output of `promptir bench --train`, as a table or as JSON (whose keys are these names in snake case).
struct TrainingFigures: Encodable {
    let batch: Int
    let width: Int
    let height: Int
    let threads: Int
    let wallSeconds: Double
    let cpuSeconds: Double
    let nominalGflop: Double
    let gflopPerSecond: Double
    let gflopPerCpuSecond: Double
    let baseBytes: Int
    let peakBytes: Int
    let sessionBytes: Int

    init(_ report: TrainingBenchmark.Report, shape: BatchShape, threadCount: Int) {
        let (median, work) = (report.median, Double(report.nominalOperationCount) / 1e9)
        batch = shape.count
        width = shape.width
        height = shape.height
        threads = threadCount
        wallSeconds = median.wallSeconds
        cpuSeconds = median.cpuSeconds
        nominalGflop = work
        gflopPerSecond = work / median.wallSeconds
        gflopPerCpuSecond = work / median.cpuSeconds
        baseBytes = report.baseByteCount
        peakBytes = report.peakByteCount
        sessionBytes = report.sessionByteCount
    }

    var table: String {
        """
        \(batch) x \(width)x\(height), \(threads) thread\(threads == 1 ? "" : "s"): forward, loss, backward, AdamW
        wall \(fixed(1000 * wallSeconds, 0)) ms, CPU \(fixed(1000 * cpuSeconds, 0)) ms a step (medians)
        \(fixed(nominalGflop, 1)) GFLOP, \(fixed(gflopPerSecond, 1)) GFLOP/s; \(fixed(gflopPerCpuSecond, 1)) per CPU-second
        memory: \(fixed(Double(baseBytes) / 1e6, 0)) MB before the session, \(fixed(Double(peakBytes) / 1e6, 0)) MB at \
        most; the session's own \(fixed(Double(sessionBytes) / 1e6, 0)) MB

        """
    }
}
