/// The events that a run reports.
package enum TrainingEvent: Sendable {
    case update(UpdateReport)
    /// The number of validated pictures, and that of all.
    case validating(done: Int, count: Int)
    /// An epoch has ended, and its files are written.
    case epoch(EpochRecord, epochCount: Int, isBest: Bool)
}

/// The progress of a run after an update.
package struct UpdateReport: Sendable {
    /// The number of updates so far, and that of all.
    package let update: Int
    package let updateCount: Int
    /// The epoch, counted from 1, and the number of epochs.
    package let epoch: Int
    package let epochCount: Int
    /// The mean loss of the latest updates.
    package let loss: Double
    /// The mean PSNR of the training pictures in the latest updates, before rounding, in decibels.
    package let trainingPSNR: Double
    package let picturesPerSecond: Double
    package let secondsLeft: Double
}

/// Exponentially weighted averages over the latest updates.
struct RecentFigures {
    /// The approximate number of updates that count.
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
    /// The duration of one update.
    var seconds: Double { secondsSum / weight }
}
