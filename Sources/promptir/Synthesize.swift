import ArgumentParser
import Datasets
import Files
import Restoration
import Terminals
import Weather

/// `promptir synthesize rain|snow|mixed --clean DIR --output DIR [--count N] [--seed S] [--strength S]`
struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put rain or snow on clean photographs: pairs to train with.",
        discussion: """
            Writes OUTPUT/train/degraded/rain-1.png beside OUTPUT/train/clean/rain_clean-1.png and so on, as in the \
            restoration challenge, and prints what the weather did on average. The same seed gives the same files, \
            whatever the number of threads. docs/WEATHER.md tells how the weather is made.
            """)

    @Argument(help: ArgumentHelp("What falls; mixed: N pairs of each.", valueName: "rain|snow|mixed"))
    var weather: WeatherMix

    @Option(help: ArgumentHelp("Clean photographs, at any depth.", valueName: "dir"))
    var clean: Path

    @Option(name: .shortAndLong, help: ArgumentHelp("A new or empty folder.", valueName: "dir"))
    var output: Path

    @Option(
        help: ArgumentHelp(
            "Pairs of each kind. Default: one for each photograph. Photographs come again when all were used.",
            valueName: "N"))
    var count: Int?

    @Option(help: ArgumentHelp("Another seed gives other weather.", valueName: "S"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "From 0, the lightest (rain as in Rain100L), to 1, as in the challenge; or a range such as 0.2-1, drawn for each picture.",
            valueName: "S|LOW-HIGH"))
    var strength = StrengthRange(1...1)

    @OptionGroup var look: WeatherFlags

    @Option(help: ArgumentHelp("Pictures at once. Default: one for each core.", valueName: "N"))
    var threads: Int?

    @Flag(help: "Replace the pairs that an earlier run left in the output.")
    var force = false

    func validate() throws {
        guard (1...10_000_000).contains(count ?? 1) else {
            throw ValidationError("--count \(count ?? 0): expected 1 to 10000000")
        }
        guard (1...1024).contains(threads ?? 1) else {
            throw ValidationError("--threads \(threads ?? 0): expected 1 to 1024")
        }
    }

    func run() throws {
        try reportingErrors {
            let synthesis = try Synthesis(
                clean: clean, output: output,
                recipe: WeatherRecipe(
                    weather.kinds, makes: look.makes, strengths: strength.values, scales: look.scales,
                    cleanShare: look.clean), countPerKind: count, seed: seed, replaces: force)
            let progress = BatchProgress(total: synthesis.count)
            defer { progress.clear() }
            let results = try synthesis.run(threadCount: threads ?? CoreCount.available()) {
                progress.advance()
            }
            progress.clear()
            print("weather    pairs   PSNR dB   mean rise   pixels raised   samples clipped")
            for (kind, statistics) in results {
                print(
                    kind.rawValue + String(repeating: " ", count: 7 - kind.rawValue.count),
                    fixed(Double(synthesis.count / results.count), 0, width: 8),
                    fixed(statistics.psnr, 2, width: 9), fixed(statistics.meanRise, 1, width: 11),
                    fixed(statistics.coverage * 100, 1, width: 13) + " %",
                    fixed(statistics.clippedShare * 100, 1, width: 15) + " %")
            }
        }
    }
}
