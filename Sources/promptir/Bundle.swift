import ArgumentParser
import Bundles
import Files
import Restoration

/// `promptir bundle DIR -o pred.npz` and `promptir bundle merge A.npz B.npz -o pred.npz`
struct Bundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pack the pictures of a folder into pred.npz, or merge several such files.",
        subcommands: [Pack.self, Merge.self], defaultSubcommand: Pack.self)
}

/// `promptir bundle [pack] DIR -o pred.npz`
struct Pack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pack the pictures of a folder into pred.npz, as challenge sites accept it.",
        discussion: """
            The file holds one uint8 array (3, H, W) in RGB per picture. Its key is the file's path in the folder, with \
            extension. Grey becomes RGB, alpha is dropped, and 16 bits are rounded to 8. The same pictures give the \
            same bytes.
            """)

    @Argument(help: "Folder with the restored pictures.")
    var folder: Path

    @Option(name: .shortAndLong, help: "The npz file to write.")
    var output: Path

    @Option(help: "Also write a zip file that holds pred.npz to this path.")
    var submission: Path?

    @OptionGroup var limits: LimitFlags

    func run() throws {
        try reportingErrors {
            let progress = BatchProgress()
            defer { progress.clear() }
            let summary = try PredictionBundle.write(
                folder: folder, to: output, submission: submission, limits: limits.limits,
                onPicture: { _, all in progress.advance(total: all) })
            progress.clear()
            for skipped in summary.skipped {
                complain("\(folder.appending(skipped.picture)): left out: \(skipped.reason)")
            }
            print("\(summary.pictureCount) pictures in \(output)")
            if !summary.skipped.isEmpty {
                throw ExitCode(ToolExit.dataError)
            }
        }
    }
}

/// `promptir bundle merge A.npz B.npz -o pred.npz`
struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Merge bundles of different pictures, such as those of shards, into one.",
        discussion: """
            The result has the same bytes as the bundle of one run over all pictures. If the names of the parts say that a \
            shard is missing, this is reported, and the exit code is 65.
            """)

    @Argument(help: "The npz files to merge, in any order.")
    var parts: [Path]

    @Option(name: .shortAndLong, help: "The npz file to write.")
    var output: Path

    @Option(help: "Also write a zip file that holds pred.npz to this path.")
    var submission: Path?

    func run() throws {
        try reportingErrors {
            let progress = BatchProgress()
            defer { progress.clear() }
            let count = try PredictionBundle.merge(parts, to: output, submission: submission) { _, all in
                progress.advance(total: all)
            }
            progress.clear()
            print("\(count) pictures in \(output)")
            let missing = ShardNames.missing(among: parts)
            if !missing.isEmpty {
                complain(
                    "\(output) is not complete: the parts do not include \(missing.map(\.description).joined(separator: ", "))"
                )
                throw ExitCode(ToolExit.dataError)
            }
        }
    }
}
