import ArgumentParser
import Files
import FoundationEssentials
import Images
import Restoration
import Terminals
import Tools

/// `promptir evaluate --restored DIR --clean DIR [--json]`
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare restored pictures with clean ones: PSNR and SSIM of each, and their means.",
        discussion: """
            Pictures are paired by their paths in the folders, with or without the extension. A picture without a partner \
            is reported, and the exit code is 65. Values are given for RGB and \
            for luma (Y of BT.601, 16 to 235). SSIM uses a Gaussian window of 11 pixels with sigma 1.5. All values agree \
            with scikit-image.
            """)

    @Option(help: "Folder with the restored pictures.")
    var restored: Path

    @Option(help: "Folder with the clean pictures.")
    var clean: Path

    @OptionGroup var limits: LimitFlags

    @Flag(help: "Print JSON; the PSNR of equal pictures and the SSIM of tiny ones are null.")
    var json = false

    func run() throws {
        try reportingErrors {
            let progress = BatchProgress()
            defer { progress.clear() }
            let evaluation = try Evaluation(
                restored: restored, clean: clean, limits: limits.limits,
                onPicture: { progress.advance(total: $0) })
            progress.clear()
            if json {
                try printJSON(EvaluationReport(evaluation))
            } else {
                printTable(evaluation)
            }
            for failure in evaluation.failures {
                complain("\(failure.folder.appending(failure.picture)): \(failure.reason)")
            }
            if !evaluation.failures.isEmpty {
                throw ExitCode(ToolExit.dataError)
            }
        }
    }

    private func printTable(_ evaluation: Evaluation) {
        print("PSNR dB    SSIM      luma PSNR  luma SSIM  picture")
        func line(_ name: String, _ psnr: Double?, _ ssim: Double?, _ lumaPSNR: Double?, _ lumaSSIM: Double?)
        {
            print(
                fixed(psnr, 4, width: 9), fixed(ssim, 6, width: 9), fixed(lumaPSNR, 4, width: 10),
                fixed(lumaSSIM, 6, width: 9), " " + name)
        }
        for comparison in evaluation.comparisons {
            let scores = comparison.scores
            line(comparison.picture.description, scores.psnr, scores.ssim, scores.lumaPSNR, scores.lumaSSIM)
        }
        line(
            "mean of \(evaluation.comparisons.count)", evaluation.mean(\.psnr), evaluation.mean(\.ssim),
            evaluation.mean(\.lumaPSNR), evaluation.mean(\.lumaSSIM))
    }
}

/// The evaluation as JSON.
private struct EvaluationReport: Encodable {
    struct Scores: Encodable {
        var picture: String?
        var psnr: Double?
        var ssim: Double?
        var lumaPSNR: Double?
        var lumaSSIM: Double?

        enum CodingKeys: CodingKey {
            case picture, psnr, ssim, lumaPSNR, lumaSSIM
        }

        /// Missing scores are null; the synthesized code would omit their keys.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(picture, forKey: .picture)
            try container.encode(psnr, forKey: .psnr)
            try container.encode(ssim, forKey: .ssim)
            try container.encode(lumaPSNR, forKey: .lumaPSNR)
            try container.encode(lumaSSIM, forKey: .lumaSSIM)
        }
    }

    struct Failure: Encodable {
        var picture: String
        var reason: String
    }

    var mean: Scores
    var pictures: [Scores]
    var failures: [Failure]

    init(_ evaluation: Evaluation) {
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        mean = Scores(
            psnr: finite(evaluation.mean(\.psnr)), ssim: evaluation.mean(\.ssim),
            lumaPSNR: finite(evaluation.mean(\.lumaPSNR)), lumaSSIM: evaluation.mean(\.lumaSSIM))
        pictures = evaluation.comparisons.map {
            Scores(
                picture: $0.picture.description, psnr: finite($0.scores.psnr), ssim: $0.scores.ssim,
                lumaPSNR: finite($0.scores.lumaPSNR), lumaSSIM: $0.scores.lumaSSIM)
        }
        failures = evaluation.failures.map { Failure(picture: $0.picture.description, reason: $0.reason) }
    }
}
