import ArgumentParser
import Kernels
import Restoration
import Training

/// The recipe's flags, which determine what a run computes. Each is optional, so that a resumed run can distinguish
/// given flags from missing ones.
struct RecipeFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp("Share of L1 in l1-ssim. Default: \(LossFunction.defaultAlpha).", valueName: "0-1")
    )
    var alpha: Double?

    @Option(help: ArgumentHelp("Number of epochs. Default: 25.", valueName: "N"))
    var epochs: Int?

    @Option(
        help: ArgumentHelp(
            "Pairs per epoch; each epoch ends with validation and saving. Default: all pairs.", valueName: "N"
        )
    )
    var epochPairs: Int?

    @Option(help: ArgumentHelp("Pictures per step and process. Default: 1.", valueName: "N"))
    var batch: Int?

    @Option(
        help: ArgumentHelp(
            "full for whole pictures, or N for random patches of N×N pixels; N is a multiple of 8. Default: full.",
            valueName: "N|full"))
    var patch: PatchSide?

    @Option(help: ArgumentHelp("Learning rate. Default: 2e-4.", valueName: "rate"))
    var lr: Double?

    @Option(help: ArgumentHelp("Learning rate at the end of the cosine. Default: 1e-6.", valueName: "rate"))
    var minLr: Double?

    @Option(help: ArgumentHelp("The optimizer's decoupled decay. Default: 0.01.", valueName: "share"))
    var weightDecay: Double?

    @Option(
        help: ArgumentHelp(
            "adamw, or muon, which makes the momentum of each matrix orthogonal and leaves the rest to AdamW. Default: adamw.",
            valueName: "name"))
    var optimizer: Optimizer.Kind?

    @Option(help: ArgumentHelp("Updates over which the rate rises at the start. Default: 0.", valueName: "N"))
    var warmup: Int?

    @Option(
        help: ArgumentHelp("Shape of the schedule, cosine or constant. Default: cosine.", valueName: "shape"))
    var schedule: LearningRateSchedule.Shape?

    @Option(
        help: ArgumentHelp(
            "Whether the rate changes with each update or each epoch. Default: update.", valueName: "unit"))
    var scheduleBy: LearningRateSchedule.Period?

    @Option(
        help: ArgumentHelp(
            "Largest L2 norm of all gradients together. Default: no limit.", valueName: "length"))
    var clipNorm: Double?

    @Option(
        help: ArgumentHelp(
            "Decay of a moving average of the weights, which is then validated and published. Default: none.",
            valueName: "0-1"))
    var ema: Double?

    @Option(
        help: ArgumentHelp(
            "float32, or mixed for products and kept features in bfloat16, which needs a processor with AVX512_BF16. Default: float32.",
            valueName: "kind"))
    var precision: TrainingPrecision?

    @Option(help: ArgumentHelp("Seed of all random numbers. Default: 0.", valueName: "N"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Restore half of the batches at coarser scales first, as restore --scales does, down to 1/N of the size; N is 2, 4 or 8. Default: 1, never.",
            valueName: "N"))
    var coarsest: Int?

    @Flag(help: "Do not mirror pictures.")
    var noFlip = false

    @Flag(help: "Do not shuffle the pairs.")
    var noShuffle = false

    func validate() throws {
        func check(_ flag: String, _ isGood: Bool, _ value: Any?, _ expected: String) throws {
            guard let value, !isGood else { return }
            throw ValidationError("--\(flag) \(value): expected \(expected)")
        }
        let rates = 0.0...1.0
        try check("alpha", rates.contains(alpha ?? 0), alpha, "0 to 1")
        try check("epochs", (1...1_000_000).contains(epochs ?? 1), epochs, "1 to 1000000")
        try check("epoch-pairs", (1...1_000_000_000).contains(epochPairs ?? 1), epochPairs, "1 or more")
        try check("batch", (1...4096).contains(batch ?? 1), batch, "1 to 4096")
        try check("lr", rates.contains(lr ?? 0), lr, "0 to 1")
        try check("min-lr", rates.contains(minLr ?? 0), minLr, "0 to 1")
        try check("weight-decay", rates.contains(weightDecay ?? 0), weightDecay, "0 to 1")
        try check("warmup", (0...1_000_000_000).contains(warmup ?? 0), warmup, "0 or more")
        try check("clip-norm", (clipNorm ?? 1) > 0 && (clipNorm ?? 1).isFinite, clipNorm, "more than 0")
        try check("coarsest", [1, 2, 4, 8].contains(coarsest ?? 1), coarsest, "1, 2, 4 or 8")
        try check("ema", (0..<1).contains(ema ?? 0), ema, "0 or more and below 1")
    }

    /// Applies the given flags to the settings.
    func apply(to settings: inout TrainingSettings) {
        func put<Value>(_ path: WritableKeyPath<TrainingSettings, Value>, _ value: Value?) {
            if let value { settings[keyPath: path] = value }
        }
        if let alpha, case .l1SSIM = settings.loss { settings.loss = .l1SSIM(alpha: alpha) }
        put(\.epochs, epochs)
        if let epochPairs { settings.epochPairs = epochPairs }
        put(\.batch, batch)
        if let patch { settings.patch = patch.pixels }
        put(\.learningRate, lr)
        put(\.minimumRate, minLr)
        put(\.weightDecay, weightDecay)
        if let optimizer { settings.optimizer = optimizer == .adamw ? nil : optimizer }
        put(\.warmUp, warmup)
        put(\.schedule, schedule)
        put(\.schedulePeriod, scheduleBy)
        if let clipNorm { settings.clipNorm = clipNorm }
        if let ema { settings.averageDecay = ema }
        put(\.precision, precision)
        put(\.seed, seed)
        if let coarsest { settings.coarsest = coarsest == 1 ? nil : coarsest }
        if noFlip { settings.flips = false }
        if noShuffle { settings.shuffle = false }
    }
}

extension LearningRateSchedule.Shape: ExpressibleByArgument {}
extension LearningRateSchedule.Period: ExpressibleByArgument {}
extension Optimizer.Kind: ExpressibleByArgument {}
extension TrainingPrecision: ExpressibleByArgument {}

/// The argument of `--patch`: `full` or a multiple of 8.
struct PatchSide: ExpressibleByArgument {
    /// The side of the patches; nil for whole pictures.
    let pixels: Int?

    init?(argument: String) {
        if argument == "full" {
            pixels = nil
        } else {
            guard let side = Int(argument), (8...65_536).contains(side), side % 8 == 0 else { return nil }
            pixels = side
        }
    }
}
