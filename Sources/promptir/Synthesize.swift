import ArgumentParser
import Datasets
import Files
import ProcessLimits
import Restoration
import Terminals
import Weather

/// `promptir synthesize rain|snow|mixed --clean DIR --output DIR [--count N] [--seed S] [--strength S]`
struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put rain or snow on clean photographs, to make pairs for training.",
        discussion: """
            The command writes OUTPUT/train/degraded/rain-1.png beside OUTPUT/train/clean/rain_clean-1.png and so on, as in \
            the restoration challenge, and prints the mean effect of the weather. The same seed gives the same files for \
            any number of threads. docs/WEATHER.md describes the weather.
            """)

    @Argument(
        help: ArgumentHelp("Kind of weather; mixed makes N pairs of each.", valueName: "rain|snow|mixed"))
    var weather: WeatherMix

    @Option(help: ArgumentHelp("Folder of clean photographs; subfolders are included.", valueName: "dir"))
    var clean: Path

    @Option(name: .shortAndLong, help: ArgumentHelp("A new or empty folder.", valueName: "dir"))
    var output: Path

    @Option(
        help: ArgumentHelp(
            "Pairs of each kind. Default: one per photograph. Photographs are repeated when all have been used.",
            valueName: "N"))
    var count: Int?

    @Option(help: ArgumentHelp("Seed of the random numbers.", valueName: "S"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Strength from 0 (light, rain as in Rain100L) to 1 (as in the challenge), or a range such as 0.2-1 to draw from for each picture.",
            valueName: "S|LOW-HIGH"))
    var strength = StrengthRange(1...1)

    @OptionGroup var look: WeatherFlags

    @Option(help: ArgumentHelp("Pictures at a time. Default: one per core.", valueName: "N"))
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
                    cleanShare: look.clean, lowContrastShare: look.lowContrastShare), countPerKind: count,
                seed: seed, replaces: force)
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
