import ArgumentParser
import Files
import ProcessLimits
import Reports

/// `promptir report DIR -o report.html`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page that shows restored pictures beside their originals.",
        discussion: """
            The page is one HTML file that needs nothing else: each picture before and after with a slider, how much was \
            changed, failed pictures with their reasons, and the speed. Originals are found by their names in --degraded \
            or in the spool's archive. Pictures that have not changed are taken from the page that is replaced.
            """)

    @Argument(help: "Folder with the restored pictures, such as a service's outbox.")
    var folder: Path

    @Option(name: .shortAndLong, help: "The HTML file to write.")
    var output: Path

    @Option(help: "Folder with the originals. Those without a restored picture are shown as failed.")
    var degraded: Path?

    @Option(help: "A service's spool, with originals in its archive and failed pictures with their reasons.")
    var spool: Path?

    @Option(help: "Folder with clean pictures: the page has PSNR and SSIM.")
    var clean: Path?

    @Option(help: ArgumentHelp("Show so many pictures, the latest.", valueName: "N"))
    var latest = Report.defaultMaximumCount

    @OptionGroup var limits: LimitFlags

    func validate() throws {
        guard ["html", "htm"].contains(output.lowercasedExtension) else {
            throw ValidationError("--output \(output): expected a file name that ends in .html")
        }
        guard (1...100_000).contains(latest) else {
            throw ValidationError("--latest \(latest): expected 1 to 100000")
        }
        guard degraded?.withoutTrailingSlashes != folder.withoutTrailingSlashes else {
            throw ValidationError(
                "--degraded \(folder): expected another folder than that of the restored pictures")
        }
    }

    func run() throws {
        try reportingErrors {
            let folders = ReportFolders(
                restored: folder, degraded: degraded, spools: try spool.map(ReportFolders.spools) ?? [],
                clean: clean)
            let progress = BatchProgress()
            defer { progress.clear() }
            let budget = MemoryBudget(byteCount: MemoryLimit.detected())
            let summary = try Report(folders, limits: limits.limits, maximumCount: latest).write(
                to: output, coreCount: CoreCount.available(),
                onPicture: { done, all in if done > 0 { progress.advance(total: all) } },
                reserving: { byteCount, body in try budget.reserving(byteCount, body: body) != nil })
            progress.clear()
            print("\(summary.pictureCount) restored and \(summary.failedCount) failed pictures in \(output)")
            if summary.leftOutCount > 0 {
                complain("\(summary.leftOutCount) older pictures are left out; --latest N shows more")
            }
        }
    }
}
