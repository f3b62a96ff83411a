import ArgumentParser
import Restoration
import Terminals
import Training

/// `promptir train --data DIR --output DIR [--config compact] …`
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a network on pairs of degraded and clean pictures, or on synthetic weather.",
        discussion: """
            By default the loss is the mean squared error, AdamW starts at 2e-4 and follows a cosine to 1e-6, and each step \
            takes one whole picture, mirrored at random, for 25 epochs. The run's folder holds last.safetensors and \
            best.safetensors for promptir and promptir-restored, metrics.csv, curves, samples, TensorBoard events, and \
            state.safetensors, from which --resume continues after any interruption to the same weights. Ctrl-C and \
            SIGTERM save the state and stop. Several processes train together under mpirun.
            """)

    enum LossName: String, ExpressibleByArgument, CaseIterable {
        case mse, l1
        case l1SSIM = "l1-ssim"
    }

    @Option(help: ArgumentHelp("Loss to minimise: mse, l1 or l1-ssim. Default: mse.", valueName: "loss"))
    var loss: LossName?

    @OptionGroup var data: DataFlags
    @OptionGroup var recipe: RecipeFlags
    @OptionGroup var runFlags: RunFlags

    func validate() throws {
        guard !runFlags.resume || (runFlags.config == nil && runFlags.initial == nil) else {
            throw ValidationError("--resume: the run has its network; leave --config and --initial out")
        }
    }

    func run() throws {
        try TrainingCommand.run { ranks, stop in
            let progress = TrainingProgressLine()
            defer { progress.clear() }
            let trainer = try request().open(ranks: ranks, stop: stop) { progress.show($0) }
            let ending = try trainer.run()
            progress.clear()
            if ranks.isFirst { print(summary(of: trainer.state.progress, ending)) }
        }
    }

    private func request() throws -> TrainingRequest {
        TrainingRequest(
            folder: RunFolder(runFlags.output), resumes: runFlags.resume, network: try runFlags.network(),
            limits: runFlags.limits
        ) { [self] settings in
            if let loss, loss.rawValue != settings.loss.name,
                let function = LossFunction(name: loss.rawValue, alpha: LossFunction.defaultAlpha)
            {
                settings.loss = function
            }
            if let alpha = recipe.alpha, settings.loss.name != LossName.l1SSIM.rawValue {
                throw ValidationError("--alpha \(alpha): it belongs to --loss l1-ssim")
            }
            recipe.apply(to: &settings)
            data.apply(to: &settings)
        } locate: { [data] location in
            data.apply(to: &location)
        }
    }

    private func summary(of progress: TrainingProgress, _ ending: Trainer.Ending) -> String {
        var text: String
        switch ending {
        case .finished: text = "finished"
        case .timeUp: text = "time is up"
        case .stopped: text = "stopped and saved; continue with --resume"
        }
        text += ": \(progress.update) updates in \(ProgressBar.clock(Int(progress.seconds)))"
        if let best = progress.best, let psnr = best.psnr {
            text += ", best validation PSNR \(fixed(psnr, 3)) dB in epoch \(best.epoch)"
        }
        return text
    }
}
