/// What a run tells while it goes.
package enum TrainingEvent: Sendable {
    case update(UpdateReport)
    /// Mixed precision: an update was skipped and the loss scale halved.
    case skipped(update: Int, scale: Double)
    /// Pictures that were measured, of how many.
    case validating(done: Int, count: Int)
    /// An epoch has ended and its files are written.
    case epoch(EpochRecord, epochCount: Int, isBest: Bool)
}

/// How a run stands after an update.
package struct UpdateReport: Sendable {
    /// Updates so far, of how many.
    package let update: Int
    package let updateCount: Int
    /// From 1, of how many.
    package let epoch: Int
    package let epochCount: Int
    /// Mean of the latest updates.
    package let loss: Double
    /// Of the training pictures, before rounding, in decibels; mean of the latest updates.
    package let trainingPSNR: Double
    package let picturesPerSecond: Double
    package let secondsLeft: Double
}

/// Figures of the latest updates: averages in which old ones fade.
struct RecentFigures {
    /// About so many updates count.
    private static let length = 50.0

    private var weight = 0.0
    private var lossSum = 0.0
    private var squaredErrorSum = 0.0
    private var secondsSum = 0.0

    mutating func add(loss: Double, squaredError: Double, seconds: Double) {
        let keep = 1 - 1 / Self.length
        weight = weight * keep + 1
        lossSum = lossSum * keep + loss
        squaredErrorSum = squaredErrorSum * keep + squaredError
        secondsSum = secondsSum * keep + seconds
    }

    var loss: Double { lossSum / weight }
    var squaredError: Double { squaredErrorSum / weight }
    /// Of one update.
    var seconds: Double { secondsSum / weight }
}
