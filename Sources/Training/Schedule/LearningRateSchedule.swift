import Glibc

/// The learning rate of every update: a warm-up, then a cosine or a constant.
///
/// The cosine is PyTorch's `CosineAnnealingLR` in closed form: least + (base − least) · (1 + cos(π p)) / 2, with the
/// progress p = t / T of update t of T. Nothing is accumulated, so a resumed run needs only its position.
package struct LearningRateSchedule: Sendable, Equatable {
    package enum Shape: String, Sendable, Codable, CaseIterable {
        case cosine, constant
    }

    /// When the rate changes.
    package enum Period: String, Sendable, Codable, CaseIterable {
        /// The rate changes with every update.
        case update
        /// The rate changes with every epoch and is that of the epoch's first update.
        case epoch
    }

    package var shape: Shape
    package var period: Period
    package var base: Double
    package var least: Double
    /// The number of updates over which the rate rises in equal steps to `base`; the cosine covers the
    /// remaining updates.
    package var warmUpUpdateCount: Int
    package var updatesPerEpoch: Int
    package var epochCount: Int

    package init(
        shape: Shape, period: Period, base: Double, least: Double, warmUpUpdateCount: Int,
        updatesPerEpoch: Int, epochCount: Int
    ) {
        self.shape = shape
        self.period = period
        self.base = base
        self.least = least
        self.warmUpUpdateCount = warmUpUpdateCount
        self.updatesPerEpoch = updatesPerEpoch
        self.epochCount = epochCount
    }

    package var updateCount: Int { updatesPerEpoch * epochCount }

    /// Returns the rate of an update, counted from 0.
    /// - Parameter timeShare: the share of the allowed time that has passed, 0 to 1, if there is a limit. The
    ///   progress is the larger of the two, so that the cosine ends with the time.
    package func rate(update: Int, timeShare: Double = 0) -> Double {
        if update < warmUpUpdateCount {
            return base * Double(update + 1) / Double(warmUpUpdateCount)
        }
        guard shape == .cosine else { return base }
        let position = period == .update ? update : update / updatesPerEpoch * updatesPerEpoch
        let length = max(1, updateCount - warmUpUpdateCount)
        let progress = min(
            1, max(timeShare, Double(max(0, position - warmUpUpdateCount)) / Double(length)))
        return least + (base - least) * (1 + cos(.pi * progress)) / 2
    }
}
