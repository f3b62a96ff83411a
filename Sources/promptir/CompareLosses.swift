import ArgumentParser
import Restoration
import Terminals
import Training

/// `promptir compare-losses --data DIR --output DIR …`
struct CompareLosses: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train with mse, l1 and l1-ssim in the same way and compare the results.",
        discussion: """
            The flags are those of train. Only the loss differs between the runs; they start from the same weights. Each \
            run has its own folder in --output. Beside the folders are comparison.csv and .md (best PSNR and SSIM), \
            comparison.svg and .png (the curves in one chart), and comparison-samples.png. A tenth of the pairs is held \
            out unless --validation says otherwise. --minutes and --epochs apply to each loss. With the same flags, \
            --resume continues the runs that were started and starts the others.
            """)

    @OptionGroup var data: DataFlags
    @OptionGroup var recipe: RecipeFlags
    @OptionGroup var runFlags: RunFlags

    func run() throws {
        try TrainingCommand.run { ranks, stop in
            let progress = TrainingProgressLine()
            defer { progress.clear() }
            let comparison = LossComparison(
                try request(), losses: LossFunction.compared(alpha: recipe.alpha ?? LossFunction.defaultAlpha)
            )
            let table = try comparison.run(ranks: ranks, stop: stop) { progress.show($1, label: $0) }
            progress.clear()
            guard ranks.isFirst else { return }
            if let table {
                print(table.text, terminator: "")
            } else {
                print("stopped and saved; continue with --resume")
            }
        }
    }

    private func request() throws -> TrainingRequest {
        TrainingRequest(
            folder: RunFolder(runFlags.output), resumes: runFlags.resume, network: try runFlags.network(),
            limits: runFlags.limits
        ) { [recipe, data] settings in
            recipe.apply(to: &settings)
            data.apply(to: &settings)
        } locate: { [data] location in
            data.apply(to: &location)
        }
    }
}
