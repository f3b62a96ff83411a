import ArgumentParser
import Files
import Images
import ProcessLimits
import PromptIR
import Restoration
import Tensors

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

extension Precision: ExpressibleByArgument {}

/// The flag of the network's precision.
struct PrecisionFlag: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The type in which the network multiplies and keeps its features. bfloat16 takes half the memory, needs a processor with AVX512_BF16, and changes few samples, by one level of 255. bfloat16-amx is the same on the matrix unit of an Intel Xeon from 2023 on, which sums in another order. int8 takes as little, runs on every processor, and changes a tenth of the samples, nearly all by one level.",
            valueName: "float32|bfloat16|bfloat16-amx|int8"))
    var precision = Precision.float32
}

/// The flags of restoration, shared by all commands that restore.
struct RestorationFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Format of the results: same, png or jpeg.", valueName: "format"))
    var format = OutputFormat.same

    @Option(help: ArgumentHelp("Quality of JPEG results, 1 to 100.", valueName: "1-100"))
    var jpegQuality = RestorationOptions.defaultJPEGQuality

    @Option(
        help: ArgumentHelp(
            "auto (the default) begins at the scale that fits the drops: full size, a half or a quarter. 1,2,4 always uses these scales, and 1 only the full size.",
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
            "auto uses tiles if the whole image needs more memory than the limit. off never uses them. N uses tiles of N×N pixels, at least \(TilePlan.minimumTile).",
            valueName: "auto|off|N"))
    var tile = TileMode.auto

    @Option(help: ArgumentHelp("Pixels by which neighbouring tiles overlap.", valueName: "pixels"))
    var tileOverlap = TilePlan.defaultOverlap

    @Flag(help: "Average over eight flips and turns: slightly better, eight times the work.")
    var tta = false

    @Option(
        help: ArgumentHelp(
            "How much of the restored picture is in the result: 1 is all of it, 0 the original.",
            valueName: "0-1"))
    var strength = 1.0

    @Option(
        help: ArgumentHelp(
            "Memory for the whole program, such as 4G. Default: what the control group allows or is available, minus a reserve.",
            valueName: "size"))
    var memoryLimit: ByteCount?

    @OptionGroup var limits: LimitFlags

    func validate() throws {
        guard (1...100).contains(jpegQuality) else {
            throw ValidationError("--jpeg-quality \(jpegQuality): expected 1 to 100")
        }
        guard (0...1).contains(strength) else {
            throw ValidationError("--strength \(strength): expected 0 to 1")
        }
        guard tileOverlap >= 0 else {
            throw ValidationError("--tile-overlap \(tileOverlap): expected 0 or more")
        }
        if case .size(let size) = tile, tileOverlap > size / 2 {
            throw ValidationError(
                "--tile-overlap \(tileOverlap): expected at most half of the tile, \(size / 2)")
        }
    }

    /// - Parameter network: the loaded network, which takes its part of the memory.
    func options(for network: Network) throws -> RestorationOptions {
        RestorationOptions(
            format: format, jpegQuality: jpegQuality, scales: scales, tile: tile,
            tileOverlap: tileOverlap, usesSelfEnsemble: tta, strength: strength,
            limits: limits.limits,
            memoryLimit: try PictureMemory.budget(of: memoryLimit?.bytes, for: network))
    }
}

/// The limits above which a picture is not decoded, checked in the header.
struct LimitFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Largest width and height to accept.", valueName: "pixels"))
    var maxSide = PictureLimits().maximumWidth

    @Option(help: ArgumentHelp("Largest area to accept.", valueName: "pixels"))
    var maxPixels = PictureLimits().maximumPixelCount

    @Option(help: ArgumentHelp("Largest file to read, such as 1G. Default: 512M.", valueName: "size"))
    var maxFileSize: ByteCount?

    func validate() throws {
        guard (1...1_000_000).contains(maxSide) else {
            throw ValidationError("--max-side \(maxSide): expected 1 to 1000000")
        }
        guard (1...10_000_000_000).contains(maxPixels) else {
            throw ValidationError("--max-pixels \(maxPixels): expected 1 to 10000000000")
        }
    }

    var limits: PictureLimits {
        var limits = PictureLimits(
            maximumWidth: maxSide, maximumHeight: maxSide, maximumPixelCount: maxPixels)
        if let maxFileSize { limits.maximumFileByteCount = maxFileSize.bytes }
        return limits
    }
}

/// The flags for the use of cores.
struct CoreFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp("Cores to use. Default: all that are available to the process.", valueName: "N"))
    var threads: Int?

    @Option(help: ArgumentHelp("Most pictures at a time. Default: one per core.", valueName: "N"))
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
