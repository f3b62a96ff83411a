/// Where a run stands, apart from the weights: everything that a resumed run needs to go on as if nothing had happened.
package struct TrainingProgress: Sendable, Equatable, Codable {
    package var settings: TrainingSettings
    package var location = DataLocation()
    /// Pairs in the data set,
    package var pairCount: Int
    /// and the hash of their names: others are another data set. Nil in states from before it was kept.
    package var namesHash: UInt64?
    /// Updates so far, skipped ones included: the position. Batches, patches, weather and rates follow from it.
    package var update = 0
    /// Steps that the optimizer made.
    package var stepCount = 0
    package var scaler: LossScaler?
    /// Seconds of training, over all resumptions.
    package var seconds = 0.0
    /// Loss of the present epoch so far.
    package var lossSum = 0.0
    package var lossCount = 0
    package var history: [EpochRecord] = []

    package init(settings: TrainingSettings, pairCount: Int, namesHash: UInt64? = nil) {
        self.settings = settings
        self.pairCount = pairCount
        self.namesHash = namesHash
        scaler = settings.precision == .mixed ? LossScaler() : nil
    }

    /// The epoch with the best validation PSNR so far.
    package var best: EpochRecord? {
        history.filter { $0.psnr != nil }.max { ($0.psnr ?? 0) < ($1.psnr ?? 0) }
    }
}

/// What is known of an epoch when it ends.
package struct EpochRecord: Sendable, Equatable, Codable {
    /// From 1.
    package var epoch: Int
    /// Updates until its end.
    package var update: Int
    /// Mean over the epoch's updates.
    package var trainingLoss: Double
    /// Of its last update.
    package var learningRate: Double
    /// Means over the validation pictures, in decibels and 0…1; nil without validation.
    package var psnr: Double?
    package var ssim: Double?
    /// Of the whole run until its end, validation included.
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
