import ArgumentParser

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
        let near = names.map { (name: $0, distance: Self.distance($0, name)) }.min {
            $0.distance < $1.distance
        }
        let advice = near.flatMap { $0.distance <= 2 ? "; did you mean \($0.name)?" : nil }
        return "there is no subcommand \(name)" + (advice ?? "; promptir --help lists them")
    }

    /// The number of letters to insert, remove or replace (Levenshtein's distance).
    private static func distance(_ first: String, _ second: String) -> Int {
        let second = Array(second)
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in second.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }
}
