import ArgumentParser
import Files
import Restoration
import Tools

/// `promptir restore IMAGE|DIR… -o DIR`
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore pictures and folders of pictures into another folder.",
        discussion: """
            Originals stay unchanged, and subfolders are kept. A picture is skipped if its result is newer than the \
            picture and the model, so an interrupted run continues where it stopped. A bad picture does not stop the \
            others; failures are listed at the end, and the exit code is 65.
            """)

    @Argument(help: "Pictures, or folders with pictures.")
    var inputs: [Path]

    @Option(name: .shortAndLong, help: "Folder for the results; created if it is missing.")
    var output: Path

    @Option(help: "A PromptIR checkpoint. Default: the weights that ship with the program.")
    var model: Path?

    @Flag(help: "Restore pictures again that are already done, for instance with other options.")
    var overwrite = false

    @Flag(
        help:
            "Print for each picture at which scales it was restored and how much it changed."
    )
    var explain = false

    @OptionGroup var precision: PrecisionFlag
    @OptionGroup var restoration: RestorationFlags
    @OptionGroup var cores: CoreFlags

    func run() throws {
        try reportingErrors {
            let plan = try BatchPlan(inputs: inputs, output: output, format: restoration.format)
            let model = try loadModel(model, precision: precision.precision)
            if !overwrite { try plan.checkReplacing(modelModified: model.modified) }
            try WholeFiles.createFolders(output)
            try report(restore(plan, with: model), of: plan.items.count)
        }
    }

    private func restore(_ plan: BatchPlan, with model: Model) -> BatchSummary {
        let batch = BatchRun(
            plan: plan, restorer: Restorer(network: model.network, options: restoration.options),
            modelModified: model.modified, overwrites: overwrite)
        let progress = BatchProgress(total: plan.items.count)
        let summary = batch.run(on: RestorationPool(policy: cores.policy)) { event in
            switch event {
            case .restored(let item, let picture):
                for warning in picture.warnings { progress.complain("\(item.input): warning: \(warning)") }
                if explain { progress.say("\(Explanation(name: item.input, report: picture.report))") }
                progress.advance()
            case .failed(let item, let reason):
                progress.complain("\(item.input): \(reason)")
                progress.advance(failed: true)
            case .skipped:
                progress.advance()
            case .stopped(let error):
                progress.complain("\(error); stopping")
            }
        }
        progress.clear()
        return summary
    }

    private func report(_ summary: BatchSummary, of count: Int) throws {
        var line = "\(summary.restoredCount) restored"
        if summary.skippedCount > 0 {
            line += ", \(summary.skippedCount) done before (--overwrite restores them anew)"
        }
        line += ", \(summary.failures.count) failed, of \(count)"
        print(line)
        if summary.failures.count > 0 {
            complain("failed:")
            for failure in summary.failures {
                complain("  \(failure.input): \(failure.reason)")
            }
        }
        if let stop = summary.stop {
            throw ExitCode(code(for: stop))
        }
        if !summary.failures.isEmpty {
            throw ExitCode(ToolExit.dataError)
        }
    }
}
