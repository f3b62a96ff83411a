import ArgumentParser
import Daemon
import Files

/// The service's command line: parses, and hands over.
@main
struct PromptIRRestored: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promptir-restored",
        abstract: "Restores rainy and snowy photographs that arrive in a folder.",
        usage: """
            promptir-restored --inbox DIR --outbox DIR [--once] [SETTINGS]
            promptir-restored --config FILE [--once | --check-config | --status [--json]] [SETTINGS]
            """,
        discussion: """
            Runs until it is told to stop by SIGTERM or Ctrl-C, and reads its configuration anew on SIGHUP.

            Exit status: 0 all done; 64 wrong usage; 65 (--once) some pictures were given up; 75 another process \
            holds the spool, a disk is full, or (--once) files still arrive; 78 wrong configuration.
            """,
        version: Program.version)

    /// On the main thread up to the first await, so that no other thread has a heap yet.
    @MainActor
    static func main() async {
        Program.shareOneHeap()
        await main(PortableText.arguments)
    }

    @Option(help: ArgumentHelp("Read settings from this TOML file; flags win over it.", valueName: "file"))
    var config: String?

    @Flag(help: "Restore what is there, write the bundle, and end.")
    var once = false

    @Flag(help: "Check the configuration, print what is in force, and end.")
    var checkConfig = false

    @Flag(help: "Print the state of the spool, with or without a running daemon, and end.")
    var status = false

    @Flag(help: "Print --status as JSON.")
    var json = false

    @OptionGroup(title: "Settings")
    var settings: SettingFlags

    func validate() throws {
        if [once, checkConfig, status].filter(\.self).count > 1 {
            throw ValidationError("--once, --check-config and --status exclude each other")
        }
        if json, !status { throw ValidationError("--json belongs to --status") }
    }

    func run() async throws {
        let action: Program.Action =
            if once { .once } else if checkConfig { .checkConfiguration } else if status {
                .status(asJSON: json)
            } else { .serve }
        let code = await Program(
            action, configurationPath: config.map { Path(portableText: $0) }, settings: settings.arguments
        ).run()
        if code != .done { throw ArgumentParser.ExitCode(code.rawValue) }
    }
}
