import ArgumentParser
import Files
import Restoration

/// The tool's command line: every subcommand is a thin file over the libraries.
@main
struct Promptir: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promptir",
        abstract: "Restores rainy, snowy, noisy and hazy photographs with PromptIR networks.",
        discussion: """
            Exit codes: 0 all well; 64 wrong usage; 65 at least one picture, model or array is bad; 66 an input is \
            missing; 73 an output cannot be created; 74 reading or writing failed; 75 another process is at work there; \
            130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            Restore.self, Forward.self, Inspect.self, Convert.self, Evaluate.self, Bundle.self, Bench.self,
            Train.self, CompareLosses.self, Synthesize.self,
        ])

    static func main() {
        main(PortableText.arguments)
    }
}
