import Glibc

/// The values of two pictures that are compared.
package enum MetricChannels: Sendable, CaseIterable {
    /// Red, green and blue; a grey picture counts as three equal channels. Alpha is not compared.
    case rgb
    /// Y of ITU-R BT.601 as MATLAB's `rgb2ycbcr` computes it, in 16…235 and not rounded:
    /// 16 + (65.481 R + 128.553 G + 24.966 B) / 255.
    case luma
}

/// Why two pictures cannot be compared.
package enum MetricError: Error, Equatable, CustomStringConvertible {
    case sizesDiffer(String)
    /// A side is shorter than SSIM's window.
    case tooSmall(String)

    package var description: String {
        switch self {
        case .sizesDiffer(let detail), .tooSmall(let detail): detail
        }
    }
}

/// The scores that restoration papers report for a pair of pictures. SSIM is nil if a side is shorter than 11 pixels.
package struct MetricScores: Sendable, Equatable {
    package var psnr: Double
    package var ssim: Double?
    package var lumaPSNR: Double
    package var lumaSSIM: Double?
}

/// Computes PSNR and SSIM, equal to scikit-image's within 1e-6.
///
/// Values are on the scale of 8 bits, with a data range of 255 for both RGB and luma. 16-bit samples are
/// divided by 257, which gives what scikit-image computes for them with a data range of 65 535. All
/// arithmetic is in double precision.
package enum ImageMetrics {
    /// Computes all scores of a pair.
    package static func scores(_ first: Picture, _ second: Picture) throws(MetricError) -> MetricScores {
        let fits = min(first.width, first.height) >= StructuralSimilarity.windowSide
        return MetricScores(
            psnr: try psnr(first, second, over: .rgb), ssim: fits ? try ssim(first, second, over: .rgb) : nil,
            lumaPSNR: try psnr(first, second, over: .luma),
            lumaSSIM: fits ? try ssim(first, second, over: .luma) : nil)
    }

    /// Returns the peak signal-to-noise ratio in decibels, from the squared error over all channels together;
    /// infinite for equal pictures. It is that of `skimage.metrics.peak_signal_noise_ratio(first, second,
    /// data_range=255)`.
    package static func psnr(
        _ first: Picture, _ second: Picture, over channels: MetricChannels = .rgb
    ) throws(MetricError) -> Double {
        try checkSizes(first, second)
        let left = MetricRows(first, channels)
        let right = MetricRows(second, channels)
        var a = left.emptyRow
        var b = right.emptyRow
        var sum = 0.0
        for y in 0..<first.height {
            left.read(y, into: &a)
            right.read(y, into: &b)
            var rowSum = 0.0
            for i in a.indices {
                let difference = a[i] - b[i]
                rowSum += difference * difference
            }
            sum += rowSum
        }
        let meanSquaredError = sum / Double(first.height * a.count)
        return 10 * log10(255 * 255 / meanSquaredError)
    }

    /// Returns the structural similarity (Wang et al. 2004), the mean over channels. It is that of
    /// `skimage.metrics.structural_similarity(first, second, channel_axis=2, data_range=255,
    /// gaussian_weights=True, sigma=1.5, use_sample_covariance=False)`; luma is one channel.
    package static func ssim(
        _ first: Picture, _ second: Picture, over channels: MetricChannels = .rgb
    ) throws(MetricError) -> Double {
        try checkSizes(first, second)
        guard min(first.width, first.height) >= StructuralSimilarity.windowSide else {
            throw .tooSmall(
                "SSIM needs \(StructuralSimilarity.windowSide) pixels a side, the pictures have \(first.width)×\(first.height)"
            )
        }
        let left = MetricRows(first, channels)
        let right = MetricRows(second, channels)
        var a = left.emptyRow
        var b = right.emptyRow
        var window = SimilarityWindow(width: first.width, channelCount: left.channelCount)
        for y in 0..<first.height {
            left.read(y, into: &a)
            right.read(y, into: &b)
            window.add(a, b)
        }
        return window.mean
    }

    private static func checkSizes(_ first: Picture, _ second: Picture) throws(MetricError) {
        guard first.width == second.width, first.height == second.height else {
            throw .sizesDiffer(
                "sizes differ: \(first.width)×\(first.height) and \(second.width)×\(second.height)")
        }
    }
}
