import ArgumentParser
import Files
import Images
import PromptIR
import Restoration

extension TileMode: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }

    package var defaultValueDescription: String { description }
}

extension OutputFormat: ExpressibleByArgument {}

extension Path: ExpressibleByArgument {
    package init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self.init(portableText: argument)
    }
}

/// A size in bytes with an optional unit.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        guard let bytes = MemoryLimit.parse(argument) else { return nil }
        self.bytes = bytes
    }
}

/// How pictures are restored: the flags that all such commands share.
struct RestorationFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Format of the results: same, png or jpeg.", valueName: "format"))
    var format = OutputFormat.same

    @Option(help: ArgumentHelp("Quality of JPEG results, 1 to 100.", valueName: "1-100"))
    var jpegQuality = RestorationOptions.defaultJPEGQuality

    @Option(
        help: ArgumentHelp(
            "auto, the default: begin at the scale that fits the drops, full size, a half or a quarter; 1,2,4: at these scales always; 1: at full size alone.",
            valueName: "auto|1|1,2,4"),
        transform: { text in
            guard let mode = ScaleMode(text) else {
                throw ValidationError("expected \(ScaleMode.expectation)")
            }
            return mode
        })
    var scales = ScaleMode.auto

    @Option(
        help: ArgumentHelp(
            "auto: in tiles where the whole image needs more memory than the limit; off: always whole; N: tiles of N×N pixels, at least \(TilePlan.minimumTile).",
            valueName: "auto|off|N"))
    var tile = TileMode.auto

    @Option(help: ArgumentHelp("Pixels that neighbouring tiles share and blend over.", valueName: "pixels"))
    var tileOverlap = TilePlan.defaultOverlap

    @Flag(help: "Eight-fold self-ensemble (flips and transposes): a little better, eight times the work.")
    var tta = false

    @Option(
        help: ArgumentHelp(
            "Memory to plan with, such as 4G. Default: what the control group allows or is available, less a reserve.",
            valueName: "size"))
    var memoryLimit: ByteCount?

    @OptionGroup var limits: LimitFlags

    func validate() throws {
        guard (1...100).contains(jpegQuality) else {
            throw ValidationError("--jpeg-quality \(jpegQuality): expected 1 to 100")
        }
        guard tileOverlap >= 0 else {
            throw ValidationError("--tile-overlap \(tileOverlap): expected 0 or more")
        }
        if case .size(let size) = tile, tileOverlap > size / 2 {
            throw ValidationError(
                "--tile-overlap \(tileOverlap): expected at most half of the tile, \(size / 2)")
        }
    }

    var options: RestorationOptions {
        RestorationOptions(
            format: format, jpegQuality: jpegQuality, scales: scales, tile: tile,
            tileOverlap: tileOverlap, usesSelfEnsemble: tta, limits: limits.limits,
            memoryLimit: memoryLimit?.bytes ?? MemoryLimit.detected())
    }
}

/// What is too large to be decoded, found out from the header.
struct LimitFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Largest width and height.", valueName: "pixels"))
    var maxSide = PictureLimits().maximumWidth

    @Option(help: ArgumentHelp("Largest area.", valueName: "pixels"))
    var maxPixels = PictureLimits().maximumPixelCount

    func validate() throws {
        guard (1...1_000_000).contains(maxSide) else {
            throw ValidationError("--max-side \(maxSide): expected 1 to 1000000")
        }
        guard (1...10_000_000_000).contains(maxPixels) else {
            throw ValidationError("--max-pixels \(maxPixels): expected 1 to 10000000000")
        }
    }

    var limits: PictureLimits {
        PictureLimits(maximumWidth: maxSide, maximumHeight: maxSide, maximumPixelCount: maxPixels)
    }
}

/// How the machine's cores are used.
struct CoreFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Cores to use. Default: all that the process may.", valueName: "N"))
    var threads: Int?

    @Option(help: ArgumentHelp("Pictures at once, at most. Default: one for each core.", valueName: "N"))
    var workers: Int?

    func validate() throws {
        for (flag, value) in [("--threads", threads), ("--workers", workers)] {
            guard (1...1024).contains(value ?? 1) else {
                throw ValidationError("\(flag) \(value ?? 0): expected 1 to 1024")
            }
        }
    }

    var coreCount: Int { threads ?? CoreCount.available() }

    var policy: PoolPolicy { PoolPolicy(coreCount: coreCount, workerCount: workers) }
}
