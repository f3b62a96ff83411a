import ArgumentParser
import Files
import Restoration
import Training

/// The flags for the pictures of a training run.
struct DataFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder with train/degraded and train/clean, as in the challenge, or with degraded and clean. With --synthesize: folder of clean pictures.",
            valueName: "DIR"))
    var data: Path?

    @Option(
        help: ArgumentHelp(
            "Folder of degraded pictures; use it with --clean, instead of --data.", valueName: "DIR"))
    var degraded: Path?

    @Option(help: ArgumentHelp("Folder of the clean pictures that belong to --degraded.", valueName: "DIR"))
    var clean: Path?

    @Option(
        help: ArgumentHelp(
            "Add synthetic weather to the clean pictures, new in each epoch: rain, snow or mixed.",
            valueName: "weather"))
    var synthesize: WeatherMix?

    @Option(
        help: ArgumentHelp(
            "Strength of that weather, from 0 (light) to 1 (as in the challenge). Default: 0-1.",
            valueName: "A-B"))
    var strength: StrengthRange?

    @OptionGroup var look: WeatherFlags

    @Option(
        help: ArgumentHelp(
            "Share of the pairs to hold out, or a folder of pairs, to validate on after each epoch. Default: 0, no validation.",
            valueName: "FRACTION|DIR"))
    var validation: ValidationFlag?

    func validate() throws {
        guard strength == nil || synthesize != nil else {
            throw ValidationError("--strength: it belongs to --synthesize")
        }
        guard !look.isGiven || synthesize != nil else {
            throw ValidationError(
                "--weather-make, --weather-scale, --weather-free and --low-contrast: they belong to --synthesize"
            )
        }
        guard degraded == nil || synthesize == nil else {
            throw ValidationError("--degraded and --synthesize: expected one of them")
        }
        guard data == nil || (degraded == nil && clean == nil) else {
            throw ValidationError("--data and --degraded or --clean: expected one or the other")
        }
        guard degraded == nil || clean != nil else {
            throw ValidationError("--degraded: expected --clean with it")
        }
    }

    func apply(to settings: inout TrainingSettings) {
        if let synthesize {
            settings.weather = WeatherSettings(
                kinds: synthesize.kinds, makes: look.makes,
                strengths: strength?.values ?? WeatherSettings.defaultStrengths, scales: look.scales,
                cleanShare: look.clean, lowContrastShare: look.lowContrastShare)
        }
        if case .fraction(let fraction) = validation { settings.validationFraction = fraction }
    }

    func apply(to location: inout DataLocation) {
        if let data { location.data = data }
        if let degraded { location.degraded = degraded }
        if let clean { location.clean = clean }
        if case .folder(let folder) = validation { location.validation = folder }
    }
}

/// The argument of `--validation`: a share below 1, or a folder.
enum ValidationFlag: ExpressibleByArgument {
    case fraction(Double)
    case folder(Path)

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        guard let number = Double(argument) else {
            self = .folder(Path(portableText: argument))
            return
        }
        guard number >= 0, number < 1 else { return nil }
        self = .fraction(number)
    }
}
