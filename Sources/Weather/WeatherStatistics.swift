import Glibc
import Images

/// The effect of weather on a picture, or its mean over several pictures.
package struct WeatherStatistics: Sendable, Equatable {
    /// The PSNR of the degraded picture in decibels; infinite if nothing changed.
    package let psnr: Double
    /// The mean of degraded − clean over all samples, in grey levels.
    package let meanRise: Double
    /// The share of the pixels that are brighter by more than 10 grey levels in a channel.
    package let coverage: Double
    /// The share of the samples that are white, 255.
    package let clippedShare: Double

    /// Compares pictures of equal size.
    package init(clean: RGBPixels, degraded: RGBPixels) {
        precondition(
            clean.width == degraded.width && clean.height == degraded.height,
            "WeatherStatistics: sizes differ")
        var rise = 0
        var squares = 0
        var covered = 0
        var clipped = 0
        for pixel in stride(from: 0, to: clean.samples.count, by: 3) {
            var largest = 0
            for sample in pixel..<pixel + 3 {
                let difference = Int(degraded.samples[sample]) - Int(clean.samples[sample])
                rise += difference
                squares += difference * difference
                largest = max(largest, difference)
                clipped += degraded.samples[sample] == 255 ? 1 : 0
            }
            covered += largest > 10 ? 1 : 0
        }
        let sampleCount = Double(clean.samples.count)
        psnr = 10 * log10(255 * 255 * sampleCount / Double(squares))
        meanRise = Double(rise) / sampleCount
        coverage = Double(covered) * 3 / sampleCount
        clippedShare = Double(clipped) / sampleCount
    }

    /// Computes the mean of each figure in order. The mean PSNR is over the pictures that changed.
    ///
    /// - Parameter pictures: at least one.
    package init(meanOf pictures: [WeatherStatistics]) {
        precondition(!pictures.isEmpty, "WeatherStatistics: a mean of nothing")
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let changed = pictures.map(\.psnr).filter(\.isFinite)
        psnr = changed.isEmpty ? .infinity : mean(changed)
        meanRise = mean(pictures.map(\.meanRise))
        coverage = mean(pictures.map(\.coverage))
        clippedShare = mean(pictures.map(\.clippedShare))
    }
}
