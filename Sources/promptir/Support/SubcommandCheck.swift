import ArgumentParser
import Terminals

/// Recognises a mistyped subcommand. The argument parser would complain about the flags that follow it.
struct SubcommandCheck {
    private let names: [String]

    init(_ commands: [any ParsableCommand.Type]) {
        names = commands.map { $0._commandName } + ["help"]
    }

    /// What is wrong with the arguments' subcommand, in one line; nil if it exists.
    func problem(in arguments: [String]) -> String? {
        let named = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        guard let name = named, !name.hasPrefix("-"), !names.contains(name) else { return nil }
        let near = Spelling.nearest(to: name, among: names)
        let advice = near.flatMap { $0.distance <= 2 ? "; did you mean \($0.word)?" : nil }
        return "there is no subcommand \(name)" + (advice ?? "; promptir --help lists them")
    }
}
