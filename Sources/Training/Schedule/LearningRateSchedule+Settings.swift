extension LearningRateSchedule {
    /// Creates the schedule of a run over a number of pairs.
    package init(_ settings: TrainingSettings, pairCount: Int) {
        let batch = settings.batch * settings.rankCount
        let pairs = settings.epochPairs ?? pairCount
        self.init(
            shape: settings.schedule, period: settings.schedulePeriod, base: settings.learningRate,
            least: settings.minimumRate, warmUpUpdateCount: settings.warmUp,
            updatesPerEpoch: max(1, (pairs + batch - 1) / batch), epochCount: settings.epochs)
    }
}
