import ArgumentParser
import Files
import Glibc
import Restoration
import Terminals

/// The tool's command line. Every subcommand is a thin layer over the libraries, in a file of its own.
@main
struct Promptir: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promptir",
        abstract: "Restores rainy and snowy photographs with PromptIR networks.",
        discussion: """
            Exit codes: 0 success; 64 wrong usage; 65 a picture, checkpoint or array is bad; 66 an input is missing; 73 an \
            output cannot be created; 74 reading or writing failed; 75 another process trains in the folder; 78 the \
            processor lacks AVX2, /proc is not mounted, or `doctor` found a fault; 129, 130 and 143 ended by SIGHUP, Ctrl-C and SIGTERM.
            """,
        version: Version.current,
        subcommands: [
            Restore.self, Forward.self, Inspect.self, Convert.self, Evaluate.self, Bundle.self,
            ReportCommand.self, Bench.self, Train.self, CompareLosses.self, Synthesize.self,
            DoctorCommand.self,
        ])

    static func main() {
        if let problem = ProcMount.problem {
            StandardError.write("promptir: \(problem)\n")
            exit(withError: ExitCode(78))
        }
        let arguments = PortableText.arguments
        if let problem = SubcommandCheck(configuration.subcommands).problem(in: arguments) {
            complain(problem)
            exit(withError: ExitCode.validationFailure)
        }
        main(arguments)
    }
}
