import Foundation
import Images
import TestSupport
import Testing
import Weather

/// The figures measured on the challenge's pictures, met on real photographs.
@Suite("Likeness", .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
struct WeatherLikenessTests {
    @Test("Heavy rain: PSNR 12.4 dB, 85 % raised, mean rise 54, 13 % clipped")
    func heavyRain() throws {
        let found = try mean(.rain, strength: 1)
        #expect(abs(found.psnr - 12.4) < 0.8, "\(found)")
        #expect(abs(found.coverage - 0.85) < 0.05, "\(found)")
        #expect(abs(found.meanRise - 54) < 5, "\(found)")
        #expect(abs(found.clippedShare - 0.13) < 0.06, "\(found)")
    }

    @Test("Light rain: PSNR 25.5 dB, 15 % raised, mean rise 6")
    func lightRain() throws {
        let found = try mean(.rain, strength: 0)
        #expect(abs(found.psnr - 25.5) < 1.2, "\(found)")
        #expect(abs(found.coverage - 0.15) < 0.04, "\(found)")
        #expect(abs(found.meanRise - 6) < 1.5, "\(found)")
    }

    @Test("Snow: PSNR about 20 dB")
    func snow() throws {
        let found = try mean(.snow, strength: 1)
        #expect(abs(found.psnr - 20) < 1, "\(found)")
    }

    @Test(
        "A patch of 128×128 takes a few milliseconds", arguments: WeatherKind.allCases, WeatherMake.allCases)
    func speed(kind: WeatherKind, make: WeatherMake) {
        let clean = smooth(width: 128, height: 128)
        let weather = Weather(kind, make: make)
        let clock = ContinuousClock()
        // The quickest of some runs: the machine has other work too.
        let quickest = (0..<8).map { _ in
            clock.measure {
                for seed in 0..<20 as Range<UInt64> { _ = weather.applied(to: clean, seed: seed) }
            } / 20
        }.min()
        #expect(quickest ?? .seconds(1) < .milliseconds(6), "\(String(describing: quickest))")
    }

    /// Over 160 photographs taken evenly from all.
    private func mean(_ kind: WeatherKind, strength: Double) throws -> WeatherStatistics {
        let folder = SharedFolder.path("data/train-clean")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let chosen = stride(from: 0, to: names.count, by: max(1, names.count / 160)).map { names[$0] }
        let weather = Weather(kind, strength: strength)
        return WeatherStatistics(
            meanOf: try chosen.enumerated().map { index, name in
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
                let clean = RGBPixels(try PictureCodec.decode(bytes))
                return WeatherStatistics(
                    clean: clean, degraded: weather.applied(to: clean, seed: UInt64(index)))
            })
    }
}
