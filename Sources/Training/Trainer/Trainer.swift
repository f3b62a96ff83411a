import Datasets
import Files
import Glibc
import PromptIR
import Restoration
import Tensors

/// A training run. It makes updates in order, validates and writes files at the end of epochs, saves the state, and
/// stops on request.
///
/// The next update is a function of the state alone, so a run killed at any moment resumes from its last saved state
/// to the same weights. The only exception is a time limit, which makes the learning rate follow the clock.
package final class Trainer {
    package enum Ending: Sendable, Equatable {
        case finished
        /// The time limit has passed.
        case timeUp
        /// A stop was requested; the state is saved.
        case stopped
    }

    package let state: TrainingState

    private let loader: BatchLoader
    private let step: TrainingStep
    /// The report; only process 0 has one.
    private let report: RunReport?
    private let schedule: LearningRateSchedule
    private let limits: TrainingLimits
    private let ranks: Ranks
    private let stop: StopRequest
    private let onEvent: (TrainingEvent) -> Void
    private var recent = RecentFigures()
    private var begin = 0.0
    private var secondsBefore = 0.0
    private var savedAt = 0.0

    /// - Parameters:
    ///   - state: new, or read from a state file.
    ///   - onEvent: called on the running thread, only by process 0.
    package init(
        state: TrainingState, training: any PairSource, validation: (any PairSource)?, folder: RunFolder,
        limits: TrainingLimits, ranks: Ranks = .alone, stop: StopRequest = StopRequest(),
        onEvent: @escaping (TrainingEvent) -> Void = { _ in }
    ) throws {
        let settings = state.progress.settings
        self.state = state
        self.limits = limits
        self.ranks = ranks
        self.stop = stop
        self.onEvent = ranks.isFirst ? onEvent : { _ in }
        loader = BatchLoader(
            training,
            sampling: BatchSampling(
                batchCount: settings.batch * ranks.count,
                extent: settings.patch.map { .square($0) } ?? .full, flips: settings.flips,
                shuffles: settings.shuffle, seed: settings.seed, rank: ranks.number, rankCount: ranks.count))
        step = TrainingStep(
            state: state, ranks: ranks, threadCount: limits.threadCount,
            memory: limits.memory.shared(by: ranks.localCount))
        let schedule = LearningRateSchedule(settings, pairCount: state.progress.pairCount)
        self.schedule = schedule
        func validator(_ source: any PairSource) -> Validator {
            Validator(source, seed: settings.seed, threadCount: limits.threadCount)
        }
        let few = PairSubset(of: training, at: Validator.sampleIndices(of: training.count))
        report =
            ranks.isFirst
            ? try RunReport(
                folder: folder, state: state, schedule: schedule, validator: validation.map(validator),
                sampler: validator(few)) : nil
    }

    /// Trains to the end, or until a stop is requested.
    ///
    /// - Throws: errors from reading a pair, `TrainingError`, `FileError`, `RanksError`. The state before the failed
    ///   update is then saved, if the disk allows it.
    package func run() throws -> Ending {
        begin = Clock.wallSeconds()
        secondsBefore = state.progress.seconds
        savedAt = begin
        // The first save makes it possible to resume a run that is killed in its first minutes.
        if state.progress.update == 0 { try save() }
        do {
            return try runUpdates()
        } catch {
            if !(error is FileError) { try? saveWithWeights() }
            throw error
        }
    }

    private func runUpdates() throws -> Ending {
        // If the last epoch could not be validated or written, the run does that first.
        if isAtEpochEnd, state.progress.lossCount > 0 {
            try endEpoch(learningRate: schedule.rate(update: state.progress.update - 1, timeShare: timeShare))
        }
        while state.progress.update < schedule.updateCount {
            // All processes share the answer, because they must stop at the same update.
            let shared = try ranks.largest([stop.isSet ? 1 : 0, timeShare])
            if shared[0] > 0 {
                try saveWithWeights()
                return .stopped
            }
            if shared[1] >= 1 { break }
            let rate = schedule.rate(update: state.progress.update, timeShare: shared[1])
            try runUpdate(learningRate: rate)
            if isAtEpochEnd {
                try endEpoch(learningRate: rate)
            } else if Clock.wallSeconds() - savedAt >= limits.saveSeconds {
                try save()
            }
        }
        let isTimeUp = state.progress.update < schedule.updateCount
        // If the time ends within an epoch, its result is validated and kept.
        if state.progress.lossCount > 0 {
            try endEpoch(
                learningRate: schedule.rate(update: state.progress.update - 1, timeShare: timeShare))
        }
        return isTimeUp ? .timeUp : .finished
    }

    private func runUpdate(learningRate: Double) throws {
        let start = Clock.wallSeconds()
        let update = state.progress.update
        let batch = try loader.batch(
            epoch: update / loader.batchesPerEpoch, batch: update % loader.batchesPerEpoch)
        let outcome = try step.run(batch, learningRate: learningRate)
        state.progress.update += 1
        state.progress.stepCount = state.optimizer.stepCount
        state.progress.seconds = seconds
        try report?.note(
            update: update + 1, loss: outcome.loss, learningRate: learningRate,
            gradientNorm: outcome.gradientNorm)
        state.progress.lossSum += outcome.loss
        state.progress.lossCount += 1
        recent.add(
            loss: outcome.loss, squaredError: outcome.squaredError, seconds: Clock.wallSeconds() - start)
        tell()
    }

    /// Ends an epoch: validates, writes the files, and saves. If that fails, the epoch has not ended.
    private func endEpoch(learningRate: Double) throws {
        let progress = state.progress
        do {
            var record = EpochRecord(
                epoch: (progress.update - 1) / schedule.updatesPerEpoch + 1, update: progress.update,
                trainingLoss: progress.lossSum / Double(max(1, progress.lossCount)),
                learningRate: learningRate, seconds: seconds)
            state.progress.lossSum = 0
            state.progress.lossCount = 0
            guard let report else { return }
            let samples = try report.measure(state, into: &record) { [onEvent] done, count in
                onEvent(.validating(done: done, count: count))
            }
            record.seconds = seconds
            let isBest = record.psnr.map { $0 > (progress.best?.psnr ?? -.infinity) } ?? false
            state.progress.history.append(record)
            try report.write(state, record: record, samples: samples, isBest: isBest)
            // The state comes last. After a kill before it, the epoch's end is repeated and writes the same files
            // again.
            try save()
            onEvent(.epoch(record, epochCount: schedule.epochCount, isBest: isBest))
        } catch {
            state.progress = progress
            throw error
        }
    }

    private func save() throws {
        guard let report else { return }
        state.progress.seconds = seconds
        try StateFile.write(state, to: report.folder.state)
        savedAt = Clock.wallSeconds()
    }

    private func saveWithWeights() throws {
        try report?.writeLast(state)
        try save()
    }

    private var isAtEpochEnd: Bool { state.progress.update % schedule.updatesPerEpoch == 0 }

    /// The seconds of the whole run so far.
    private var seconds: Double { secondsBefore + Clock.wallSeconds() - begin }

    /// The share of the allowed time that has passed; 0 without a limit.
    private var timeShare: Double { limits.secondLimit.map { seconds / $0 } ?? 0 }

    private func tell() {
        let progress = state.progress
        guard progress.lossCount > 0 else { return }
        let secondsLeft = min(
            Double(schedule.updateCount - progress.update) * recent.seconds,
            limits.secondLimit.map { $0 - progress.seconds } ?? .infinity)
        onEvent(
            .update(
                UpdateReport(
                    update: progress.update, updateCount: schedule.updateCount,
                    epoch: (progress.update - 1) / schedule.updatesPerEpoch + 1,
                    epochCount: schedule.epochCount, loss: recent.loss,
                    trainingPSNR: -10 * log10(recent.squaredError),
                    picturesPerSecond: Double(progress.settings.batch * ranks.count) / recent.seconds,
                    secondsLeft: max(0, secondsLeft))))
    }
}
