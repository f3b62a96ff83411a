import ArgumentParser
import Files
import Service

/// The service's command line, which only parses the flags.
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
            The service runs until SIGTERM or Ctrl-C stops it, and reads its configuration again on SIGHUP.

            Exit status: 0 success; 64 wrong usage; 65 some pictures were given up (--once); 70 internal error, or a stop \
            that took too long; 75 another process holds the spool, a disk is full or failing, or pictures are left for \
            the next run (--once); 78 wrong configuration, model or folder, a processor without AVX2, or no /proc; 130 ended by a \
            second Ctrl-C.
            """,
        version: Program.version)

    /// Runs on the main thread up to the first `await`, so that no other thread has a heap yet.
    @MainActor
    static func main() async {
        Program.shareOneHeap()
        Program.requireProc()
        await main(PortableText.arguments)
    }

    @Option(
        help: ArgumentHelp("Read settings from this TOML file; flags take precedence.", valueName: "file"))
    var config: String?

    @Flag(help: "Restore the pictures that are there, write the bundle, and exit.")
    var once = false

    @Flag(help: "Check the configuration, print the settings in effect, and exit.")
    var checkConfig = false

    @Flag(help: "Print the state of the spool, with or without a running service, and exit.")
    var status = false

    @Flag(help: "Print the status as JSON.")
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
