import ArgumentParser
import Doctor
import Files

/// `promptir doctor [--config FILE] [--json]`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine is ready for the service, and say what to do where it is not.",
        discussion: """
            It checks the configuration, the processor, memory, weights, a restoration, the folders as the service's user \
            (with hidden files of no length, which it removes), inotify, disk space and the unit. Run it as root to check \
            the folders as that user. Exit code: 0 ready, also with warnings; 78 not ready.
            """)

    @Option(help: "The service's configuration. Default: /etc/promptir-restored.toml, if it is there.")
    var config: Path?

    @Option(
        help: ArgumentHelp(
            "The service's user. Default: the unit's, or promptir-restored if there is one.",
            valueName: "name"
        ))
    var user: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try reportingErrors {
            let report = Doctor(configurationPath: config, userName: user).report()
            print(json ? report.json + "\n" : report.text, terminator: "")
            if !report.isReady { throw ExitCode(ToolExit.configuration) }
        }
    }
}
