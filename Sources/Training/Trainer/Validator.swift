import Datasets
import Images
import PromptIR
import Restoration
import Tensors

/// Validates weights on pairs that are never trained on, with the forward pass that restores pictures.
final class Validator {
    struct Result {
        /// The mean PSNR and SSIM over all pictures, of 8-bit RGB. SSIM is nil if all pictures are smaller
        /// than its window.
        let psnr: Double
        let ssim: Double?
        /// Pairs from all parts of the source, for a sheet.
        let samples: [Sample]
    }

    struct Sample {
        let name: String
        let degraded: RGBPixels
        let restored: RGBPixels
        let clean: RGBPixels
    }

    static let sampleCount = 6

    /// Returns as many evenly spread indices as a sheet shows.
    static func sampleIndices(of count: Int) -> [Int] {
        count <= sampleCount ? Array(0..<count) : (0..<sampleCount).map { $0 * count / sampleCount }
    }

    private let source: any PairSource
    private let seed: UInt64
    private let threadCount: Int

    init(_ source: any PairSource, seed: UInt64, threadCount: Int) {
        self.source = source
        self.seed = seed
        self.threadCount = threadCount
    }

    /// - Parameter onPicture: called after each picture with its number and the number of all.
    func measure(_ weights: some WeightSource, onPicture: (Int, Int) -> Void = { _, _ in }) throws -> Result {
        let session = ForwardSession(network: try Network(weights: weights), threadCount: threadCount)
        var psnrSum = 0.0
        var (ssimSum, ssimCount) = (0.0, 0)
        var samples: [Sample] = []
        let sampled = Self.sampleIndices(of: source.count)
        for index in 0..<source.count {
            let pair = try source.pair(at: index, .whole(seed: seed, index: index))
            let degraded = pair.degraded.picture
            let output = try session.forward(PixelConversion.tensor(of: degraded))
            let restored = PixelConversion.picture(degraded, with: output)
            let clean = pair.clean.picture
            psnrSum += try ImageMetrics.psnr(restored, clean)
            if min(pair.width, pair.height) >= StructuralSimilarity.windowSide {
                ssimSum += try ImageMetrics.ssim(restored, clean)
                ssimCount += 1
            }
            if sampled.contains(index) {
                samples.append(
                    Sample(
                        name: pair.name, degraded: pair.degraded, restored: RGBPixels(restored),
                        clean: pair.clean))
            }
            onPicture(index + 1, source.count)
        }
        return Result(
            psnr: psnrSum / Double(source.count), ssim: ssimCount > 0 ? ssimSum / Double(ssimCount) : nil,
            samples: samples)
    }
}
