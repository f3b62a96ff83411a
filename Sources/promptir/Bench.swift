import ArgumentParser
import ArrayFiles
import Files
import Kernels
import ProcessLimits
import PromptIR
import Restoration
import Tensors
import Tools
import Training

/// `promptir bench [--model M | --config published] [--size WxH] [--threads N]`
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the network by operation: seconds, GFLOP/s, share of the processor's peak, memory.",
        discussion: """
            GFLOP/s count the network's nominal work (345.4 GFLOP for the published network at 256x256), even if fewer \
            operations are executed. The same run measures the peak, using only registers.
            """)

    enum Preset: String, ExpressibleByArgument, CaseIterable {
        case published, compact

        var configuration: Configuration { self == .published ? .published : .compact }
    }

    @Option(help: "A PromptIR checkpoint. Default: the weights that ship with the program.")
    var model: Path?

    @Option(help: "Use a network of this size with pseudo-random weights instead of a checkpoint.")
    var config: Preset?

    @Option(help: ArgumentHelp("Size of the image.", valueName: "WxH"))
    var size = ImageSize(width: 256, height: 256)

    @Option(
        help: ArgumentHelp("Cores to use. Default: all that are available to the process.", valueName: "N"))
    var threads: Int?

    @Option(help: ArgumentHelp("Number of timed passes of each kind, after one to warm up.", valueName: "N"))
    var repetitions = 5

    @Flag(help: "Time training steps: forward, loss, backward, AdamW.")
    var train = false

    @Flag(help: "Time matrix products alone, ours and OpenBLAS's, on one core.")
    var products = false

    @Option(help: ArgumentHelp("With --train: pictures per batch.", valueName: "N"))
    var batch = 1

    @Option(help: "With --train: keep activations between the passes, or recompute them.")
    var memory = MemoryPlan.keep

    @Option(
        help: ArgumentHelp(
            "The type in which the network multiplies: float32, bfloat16, bfloat16-amx or int8. With --train: float32 or mixed.",
            valueName: "float32|bfloat16|bfloat16-amx|int8|mixed"))
    var precision = BenchPrecision.float32

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard model == nil || config == nil else {
            throw ValidationError("--model and --config: expected one of them")
        }
        guard (1...1024).contains(threads ?? 1) else {
            throw ValidationError("--threads \(threads ?? 0): expected 1 to 1024")
        }
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("--repetitions \(repetitions): expected 1 to 1000")
        }
        guard (1...1024).contains(batch) else {
            throw ValidationError("--batch \(batch): expected 1 to 1024")
        }
        guard train ? precision.ofTraining != nil : precision.ofProducts != nil else {
            throw ValidationError(
                "--precision \(precision.rawValue): expected float32\(train ? " or mixed with" : ", bfloat16, bfloat16-amx or int8 without") --train"
            )
        }
        guard !train || (size.width % 8 == 0 && size.height % 8 == 0) else {
            throw ValidationError("--size \(size.width)x\(size.height): training expects multiples of 8")
        }
    }

    func run() throws {
        try reportingErrors {
            let threadCount = threads ?? CoreCount.available()
            if train { return try runTraining(threadCount: threadCount) }
            if products { return try runProducts() }
            let benchmark = ForwardBenchmark(
                network: try network(), height: size.height, width: size.width, threadCount: threadCount)
            let progress = BatchProgress()
            defer { progress.clear() }
            let report = try benchmark.run(repetitionCount: repetitions) { progress.advance(total: $0) }
            progress.clear()
            let figures = BenchFigures(report, size: size, threadCount: threadCount)
            if json {
                try printJSON(figures)
            } else {
                print(figures.table, terminator: "")
            }
        }
    }

    private func network() throws -> Network {
        let precision = precision.ofProducts ?? .float32
        guard let config else { return try Model.load(model, precision: precision).network }
        return try Network(
            weights: SeededWeights(configuration: config.configuration), precision: precision)
    }

    private func runProducts() throws {
        let rows = try ProductBenchmark().run()
        if json { return try printJSON(rows) }
        print("(\(ProductBenchmark.rowCount), depth) · (depth, columns), GFLOP/s on one core")
        print("depth  columns   ours  OpenBLAS")
        for row in rows {
            let numbers = [row.depth, row.columns, Int(row.ours / 1e9), Int(row.openBLAS / 1e9)]
            let cells = zip(numbers, [5, 9, 7, 10]).map { number, width in
                String(repeating: " ", count: max(width - String(number).count, 1)) + String(number)
            }
            print(cells.joined())
        }
    }

    private func runTraining(threadCount: Int) throws {
        let parameters =
            if let model {
                try ParameterStore(loading: Checkpoint(path: model))
            } else {
                try ParameterStore(
                    loading: SeededWeights(configuration: (config ?? .compact).configuration))
            }
        let shape = BatchShape(count: batch, height: size.height, width: size.width)
        let progress = BatchProgress()
        defer { progress.clear() }
        let report = try TrainingBenchmark(
            parameters: parameters, shape: shape, memory: memory,
            precision: precision.ofTraining ?? .float32,
            threadCount: threadCount
        ).run(repetitionCount: repetitions) { progress.advance(total: $0) }
        progress.clear()
        let figures = TrainingFigures(report, shape: shape, threadCount: threadCount)
        if json {
            try printJSON(figures)
        } else {
            print(figures.table, terminator: "")
        }
    }
}

extension MemoryPlan: ExpressibleByArgument {}

/// What `--precision` of `promptir bench` takes: with `--train` another list than without.
enum BenchPrecision: String, ExpressibleByArgument, CaseIterable {
    case float32, bfloat16
    case bfloat16AMX = "bfloat16-amx"
    case int8, mixed

    var ofProducts: Precision? { Precision(rawValue: rawValue) }
    var ofTraining: TrainingPrecision? { TrainingPrecision(rawValue: rawValue) }
}

/// Width and height as `640x480`.
struct ImageSize: ExpressibleByArgument {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (1...100_000).contains(width),
            (1...100_000).contains(height)
        else { return nil }
        self.init(width: width, height: height)
    }

    var defaultValueDescription: String { "\(width)x\(height)" }
}
