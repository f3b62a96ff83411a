/// The position of a run: everything except the weights that a run needs to resume without a change of its
/// results.
package struct TrainingProgress: Sendable, Equatable, Codable {
    package var settings: TrainingSettings
    package var location = DataLocation()
    /// The number of pairs in the data set, which identifies the data set together with `namesHash`.
    package var pairCount: Int
    /// The hash of the pairs' names; nil in old states.
    package var namesHash: UInt64?
    /// The number of updates so far. Batches, patches, weather and rates follow from it.
    package var update = 0
    /// The number of steps of the optimizer.
    package var stepCount = 0
    /// The seconds of training, including the time before a resumption.
    package var seconds = 0.0
    /// The limit of `seconds` with which the run began or was last resumed; nil without one and in old states.
    package var secondLimit: Double?
    /// The sum and count of losses in the current epoch.
    package var lossSum = 0.0
    package var lossCount = 0
    package var history: [EpochRecord] = []

    package init(settings: TrainingSettings, pairCount: Int, namesHash: UInt64? = nil) {
        self.settings = settings
        self.pairCount = pairCount
        self.namesHash = namesHash
    }

    /// The epoch with the best validation PSNR so far.
    package var best: EpochRecord? {
        history.filter { $0.psnr != nil }.max { ($0.psnr ?? 0) < ($1.psnr ?? 0) }
    }
}

/// The results of an epoch.
package struct EpochRecord: Sendable, Equatable, Codable {
    /// The epoch, counted from 1.
    package var epoch: Int
    /// The number of updates until its end.
    package var update: Int
    /// The mean loss of the epoch's updates.
    package var trainingLoss: Double
    /// The learning rate of its last update.
    package var learningRate: Double
    /// The mean PSNR in decibels and the mean SSIM over the validation pictures; nil without validation.
    package var psnr: Double?
    package var ssim: Double?
    /// The seconds of the whole run until the epoch's end, including validation.
    package var seconds: Double

    package init(
        epoch: Int, update: Int, trainingLoss: Double, learningRate: Double, psnr: Double? = nil,
        ssim: Double? = nil, seconds: Double
    ) {
        self.epoch = epoch
        self.update = update
        self.trainingLoss = trainingLoss
        self.learningRate = learningRate
        self.psnr = psnr
        self.ssim = ssim
        self.seconds = seconds
    }
}
