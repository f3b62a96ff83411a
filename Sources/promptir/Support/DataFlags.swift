import ArgumentParser
import Files
import Restoration
import Training

/// Which pictures a run learns from.
struct DataFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A data set: train/degraded and train/clean as in the challenge, or degraded and clean, below it. With --synthesize: a folder of clean pictures.",
            valueName: "DIR"))
    var data: Path?

    @Option(help: ArgumentHelp("Instead of --data, with --clean: degraded pictures.", valueName: "DIR"))
    var degraded: Path?

    @Option(help: ArgumentHelp("The clean pictures that belong to --degraded.", valueName: "DIR"))
    var clean: Path?

    @Option(
        help: ArgumentHelp(
            "Make the degraded pictures on the fly, new in each epoch: rain, snow or mixed.",
            valueName: "weather"))
    var synthesize: WeatherMix?

    @Option(
        help: ArgumentHelp(
            "Strength of that weather, 0 (light) to 1 (the challenge's). Default: 0-1.", valueName: "A-B"))
    var strength: StrengthRange?

    @OptionGroup var look: WeatherFlags

    @Option(
        help: ArgumentHelp(
            "What is measured after each epoch: a share of the pairs, which is held out, or a folder of pairs. Default: 0, nothing.",
            valueName: "FRACTION|DIR"))
    var validation: ValidationFlag?

    func validate() throws {
        guard strength == nil || synthesize != nil else {
            throw ValidationError("--strength: it belongs to --synthesize")
        }
        guard !look.isGiven || synthesize != nil else {
            throw ValidationError(
                "--weather-make, --weather-scale and --weather-free: they belong to --synthesize")
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
                cleanShare: look.clean)
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

/// A number below 1, or else a folder.
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
