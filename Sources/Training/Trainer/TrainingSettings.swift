import Kernels

/// All settings that affect the results of a run, except threads and file locations. They are kept in the state, so
/// that a run cannot be resumed with others. The defaults are the recipe's.
package struct TrainingSettings: Sendable, Equatable, Codable {
    package var loss = LossFunction.mse
    package var epochs = 25
    /// The number of pairs in an epoch, if that is not the whole data set.
    package var epochPairs: Int?
    /// The number of pictures in a batch of one process.
    package var batch = 1
    /// The side of the training patches; nil for whole pictures.
    package var patch: Int?
    package var learningRate = 2e-4
    package var minimumRate = 1e-6
    package var weightDecay = 1e-2
    /// nil means AdamW, as in the states of earlier versions.
    package var optimizer: Optimizer.Kind?
    /// The length of the warm-up in updates.
    package var warmUp = 0
    package var schedule = LearningRateSchedule.Shape.cosine
    package var schedulePeriod = LearningRateSchedule.Period.update
    package var clipNorm: Double?
    /// The decay of the exponential moving average of the weights.
    package var averageDecay: Double?
    package var precision = TrainingPrecision.float32
    package var seed: UInt64 = 0
    /// The largest factor (2, 4 or 8) by which half of the batches are made smaller, to be restored at
    /// coarser scales first; nil for none.
    package var coarsest: Int?
    package var flips = true
    package var shuffle = true
    /// The weather, if pairs are made from clean pictures.
    package var weather: WeatherSettings?
    /// The share of the scenes that is held out; 0 for none.
    package var validationFraction = 0.0
    /// The number of processes that train together.
    package var rankCount = 1

    package init() {}

    /// All settings as text, with the names of their flags.
    package var described: [(flag: String, value: String)] {
        func optional(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "none" }
        return [
            ("loss", loss.description), ("epochs", "\(epochs)"), ("epoch-pairs", optional(epochPairs)),
            ("batch", "\(batch)"), ("patch", patch.map { "\($0)" } ?? "full"), ("lr", "\(learningRate)"),
            ("min-lr", "\(minimumRate)"), ("weight-decay", "\(weightDecay)"),
            ("optimizer", (optimizer ?? .adamw).rawValue), ("warmup", "\(warmUp)"),
            ("schedule", schedule.rawValue), ("schedule-by", schedulePeriod.rawValue),
            ("clip-norm", optional(clipNorm)), ("ema", optional(averageDecay)),
            ("precision", precision.rawValue), ("seed", "\(seed)"), ("flip", "\(flips)"),
            ("shuffle", "\(shuffle)"), ("coarsest", optional(coarsest)), ("synthesize", optional(weather)),
            ("validation", "\(validationFraction)"), ("processes", "\(rankCount)"),
        ]
    }

    /// Returns the differences from another run's settings as text, such as "batch 8, not 4".
    package func differences(from other: TrainingSettings) -> [String] {
        zip(described, other.described).compactMap { mine, theirs in
            mine.value == theirs.value ? nil : "\(mine.flag) \(mine.value), not \(theirs.value)"
        }
    }
}
