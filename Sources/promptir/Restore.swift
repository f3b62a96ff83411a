import ArgumentParser
import Files
import Restoration
import Tools

/// `promptir restore IMAGE|DIR… -o DIR|FILE`
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore pictures and folders of pictures.",
        discussion: """
            Originals stay unchanged, and subfolders are kept. A picture is skipped if its result is newer than the \
            picture and the model, so an interrupted run continues where it stopped. A bad picture does not stop the \
            others; each failure is reported, and the exit code is 65.

            A single picture may go to a file, whose extension determines the format. "-" is standard input or standard \
            output. WebP, HEIC, TIFF and other files are counted and left alone.
            """)

    @Argument(help: "Pictures, or folders with pictures; - for standard input.")
    var inputs: [Path]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Folder for the results, created if it is missing. For a single picture also a file such as restored.png, or - for standard output.",
            valueName: "DIR|FILE"))
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
            let options = try restoration.options(for: model.network)
            if let folder = plan.folder { try WholeFiles.createFolders(folder) }
            try report(restore(plan, with: model, options), of: plan)
        }
    }

    private func restore(
        _ plan: BatchPlan, with model: Model, _ options: RestorationOptions
    ) -> BatchSummary {
        var options = options
        options.format = plan.format
        let batch = BatchRun(
            plan: plan, restorer: Restorer(network: model.network, options: options),
            modelModified: model.modified, overwrites: overwrite)
        let progress = BatchProgress(total: plan.items.count)
        let note = { @Sendable (item: BatchItem, share: Double) in progress.note(share, of: item.input) }
        let summary = batch.run(on: RestorationPool(policy: cores.policy), onShare: note) { event in
            switch event {
            case .restored(let item, let picture):
                for warning in picture.warnings { progress.complain("\(item.input): warning: \(warning)") }
                if explain {
                    progress.say(
                        "\(Explanation(name: item.input, report: picture.report))", onError: item.isStream)
                }
                progress.advance(item.input)
            case .failed(let item, let reason):
                progress.complain("\(item.input): \(reason)")
                progress.advance(failed: true, item.input)
            case .skipped:
                progress.advance()
            case .stopped(let error):
                progress.complain("\(error); stopping")
            }
        }
        progress.clear()
        return summary
    }

    private func report(_ summary: BatchSummary, of plan: BatchPlan) throws {
        var line = "\(summary.restoredCount) restored"
        if summary.skippedCount > 0 {
            line += ", \(summary.skippedCount) already done (--overwrite restores them again)"
        }
        line += ", \(summary.failures.count) failed, of \(plan.items.count)"
        if !plan.items.contains(where: \.isStream) { print(line) }
        if !plan.leftAlone.isEmpty { complain("\(plan.leftAlone)") }
        if let stop = summary.stop {
            throw ExitCode(code(for: stop))
        }
        if !summary.failures.isEmpty {
            throw ExitCode(ToolExit.dataError)
        }
    }
}
