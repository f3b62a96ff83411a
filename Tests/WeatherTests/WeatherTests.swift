import Images
import Testing
import Weather

@Suite("Weather")
struct WeatherTests {
    @Test("The same seed gives the same pixels, another seed others", arguments: WeatherKind.allCases)
    func seeds(kind: WeatherKind) {
        let clean = smooth(width: 70, height: 50)
        let weather = Weather(kind, strength: 0.8)
        #expect(weather.applied(to: clean, seed: 5) == weather.applied(to: clean, seed: 5))
        #expect(weather.applied(to: clean, seed: 5) != weather.applied(to: clean, seed: 6))
    }

    /// Every operation is exact by IEEE 754: these sums are the same on every machine.
    @Test(
        "The pixels are the same on every machine",
        arguments: [
            (Weather(.rain), 0), (Weather(.snow), 1), (Weather(.rain, make: .wide, scale: 2), 2),
            (Weather(.snow, make: .wide, scale: 2), 3),
        ])
    func portable(weather: Weather, which: Int) {
        let result = weather.applied(to: smooth(width: 96, height: 64), seed: 2026)
        let sum = result.samples.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        let sums: [UInt64] = [
            0x161F_E18B_D9A9_074A, 0x1D1A_D3E8_5F76_B26F, 11_652_081_837_945_933_345,
            7_099_399_791_562_452_094,
        ]
        #expect(sum == sums[which])
    }

    @Test(
        "Any size, however small or odd",
        arguments: [(1, 1), (1, 7), (9, 1), (3, 5), (17, 31), (65, 63), (255, 9), (8, 300)])
    func sizes(width: Int, height: Int) {
        let clean = smooth(width: width, height: height)
        for kind in WeatherKind.allCases {
            for (make, strength, scale) in [
                (WeatherMake.challenge, 0, 1), (.challenge, 0.5, 0.5), (.challenge, 1, 8), (.wide, 0, 0.5),
                (.wide, 0.5, 1), (.wide, 1, 8),
            ] {
                for seed in 0..<8 as Range<UInt64> {
                    let weather = Weather(kind, make: make, strength: strength, scale: scale)
                    let result = weather.applied(to: clean, seed: seed)
                    #expect(result.width == width && result.height == height)
                }
            }
        }
    }

    @Test("Rain only adds light, the same to all channels, up to white")
    func rainAdds() {
        let clean = smooth(width: 128, height: 96)
        let result = Weather(.rain).applied(to: clean, seed: 3)
        for pixel in stride(from: 0, to: clean.samples.count, by: 3) {
            let rises = (pixel..<pixel + 3).map { Int(result.samples[$0]) - Int(clean.samples[$0]) }
            #expect(rises.allSatisfy { $0 >= 0 })
            let unclipped = (0..<3).filter { result.samples[pixel + $0] < 255 }.map { rises[$0] }
            #expect(Set(unclipped).count <= 1)
        }
    }

    @Test("Snow draws towards white, and leaves most of a picture as it is")
    func snowWhitens() {
        let clean = RGBPixels(width: 200, height: 200, samples: .init(repeating: 60, count: 120_000))
        var untouchedShares: [Double] = []
        for seed in 0..<20 as Range<UInt64> {
            let result = Weather(.snow).applied(to: clean, seed: seed)
            #expect(result.samples.allSatisfy { $0 >= 60 })
            let darkest = result.samples.min() ?? 0
            untouchedShares.append(
                Double(result.samples.count { $0 <= darkest + 3 }) / Double(clean.samples.count))
        }
        #expect(untouchedShares.allSatisfy { $0 > 0.3 })
    }

    @Test("At a larger scale drops are larger and fewer, and cover as much", arguments: WeatherKind.allCases)
    func scales(kind: WeatherKind) {
        let clean = RGBPixels(width: 256, height: 256, samples: .init(repeating: 90, count: 196_608))
        for make in WeatherMake.allCases {
            func measured(_ scale: Double) -> (rise: Double, steps: Double) {
                let weather = Weather(kind, make: make, strength: 0.6, scale: scale)
                let pictures = (0..<60 as Range<UInt64>).map { weather.applied(to: clean, seed: $0) }
                let rise = WeatherStatistics(
                    meanOf: pictures.map { WeatherStatistics(clean: clean, degraded: $0) }
                ).meanRise
                // How often a row goes from one level to quite another.
                let steps = pictures.reduce(0) { sum, picture in
                    sum
                        + stride(from: 3, to: picture.samples.count, by: 3).count {
                            abs(Int(picture.samples[$0]) - Int(picture.samples[$0 - 3])) > 6
                        }
                }
                return (rise, Double(steps))
            }
            let (small, large) = (measured(1), measured(4))
            #expect(abs(large.rise / small.rise - 1) < 0.25, "\(make): \(large.rise), \(small.rise)")
            #expect(large.steps < 0.6 * small.steps, "\(make): \(large.steps), \(small.steps)")
        }
    }

    @Test("More strength, more weather", arguments: WeatherKind.allCases)
    func monotone(kind: WeatherKind) {
        let clean = smooth(width: 160, height: 160)
        var last: WeatherStatistics?
        for strength in stride(from: 0, through: 1, by: 0.1) {
            let weather = Weather(kind, strength: min(strength, 1))
            let statistics = WeatherStatistics(
                meanOf: (0..<24).map {
                    WeatherStatistics(clean: clean, degraded: weather.applied(to: clean, seed: $0))
                })
            if let last {
                #expect(statistics.psnr < last.psnr)
                #expect(statistics.meanRise > last.meanRise)
                #expect(statistics.coverage > last.coverage)
            }
            last = statistics
        }
    }

    @Test("A patch has the weather of a whole picture: as dense, as bright", arguments: WeatherKind.allCases)
    func patches(kind: WeatherKind) {
        func meanRise(side: Int, seeds: Range<UInt64>) -> Double {
            let clean = RGBPixels(
                width: side, height: side, samples: .init(repeating: 90, count: side * side * 3))
            let weather = Weather(kind)
            return WeatherStatistics(
                meanOf: seeds.map {
                    WeatherStatistics(clean: clean, degraded: weather.applied(to: clean, seed: $0))
                }
            ).meanRise
        }
        let whole = meanRise(side: 256, seeds: 0..<60)
        let patch = meanRise(side: 32, seeds: 1000..<2500)
        #expect(abs(patch / whole - 1) < 0.15, "patch \(patch), whole \(whole)")
    }

    @Test("A recipe draws kinds and strengths as asked")
    func recipe() {
        let recipe = WeatherRecipe(WeatherKind.allCases, strengths: 0.3...0.6)
        let drawn = (0..<1000).map { recipe.weather(seed: $0) }
        #expect(drawn.compactMap(\.self).count == 1000)
        #expect(drawn.compactMap(\.?.strength).allSatisfy { (0.3...0.6).contains($0) })
        #expect((400...600).contains(drawn.count { $0?.kind == .rain }))
        #expect(drawn[7] == recipe.weather(seed: 7))
        #expect(WeatherRecipe([.snow]).weather(seed: 1) == Weather(.snow))
    }

    @Test("A recipe draws makes, scales by equal factors, and clean pictures")
    func wideRecipe() {
        let recipe = WeatherRecipe(
            WeatherKind.allCases, makes: WeatherMake.allCases, strengths: 0...1, scales: 0.5...8,
            cleanShare: 0.05)
        let drawn = (0..<4000).map { recipe.weather(seed: $0) }
        #expect((120...280).contains(drawn.count { $0 == nil }))
        #expect((1700...2100).contains(drawn.count { $0?.make == .wide }))
        // 0.5 to 2 and 2 to 8 are equal factors.
        #expect((1700...2100).contains(drawn.count { ($0?.scale ?? 9) < 2 }))
        let clean = smooth(width: 64, height: 64)
        for (seed, weather) in drawn.enumerated().prefix(200) {
            #expect(weather != nil || recipe.applied(to: clean, seed: UInt64(seed)) == clean)
        }
    }

    @Test("A share of the photographs has low contrast, whether they get weather or not")
    func lowContrast() {
        let photograph = smooth(width: 64, height: 64)
        let recipe = WeatherRecipe(WeatherKind.allCases, cleanShare: 0.5, lowContrastShare: 0.2)
        var isFree: [Bool] = []
        for seed in 0..<2000 as Range<UInt64> {
            let clean = recipe.clean(photograph, seed: seed)
            #expect(WeatherRecipe([.rain]).clean(photograph, seed: seed) == photograph)
            guard clean != photograph else { continue }
            #expect(clean == recipe.clean(photograph, seed: seed))
            isFree.append(recipe.weather(seed: seed) == nil)
        }
        #expect((320...480).contains(isFree.count))
        #expect((isFree.count * 2 / 5...isFree.count * 3 / 5).contains(isFree.count { $0 }))
    }

    @Test("Low contrast keeps the order of the tones and lifts black")
    func lowContrastTones() {
        let ramp = RGBPixels(
            width: 256, height: 1, samples: (0...255).flatMap { [UInt8($0), UInt8($0), UInt8($0)] })
        for seed in 0..<200 as Range<UInt64> {
            let tones = LowContrast(seed: seed).applied(to: ramp).samples
            for channel in 0..<3 {
                let curve = (0...255).map { tones[3 * $0 + channel] }
                #expect(zip(curve, curve.dropFirst()).allSatisfy(<=))
                #expect((6...88).contains(curve[0]))
                #expect(curve[255] >= 191)
            }
        }
    }

    @Test("Statistics of pictures that are known")
    func statistics() {
        let clean = RGBPixels(width: 2, height: 1, samples: [0, 0, 0, 200, 200, 200])
        let degraded = RGBPixels(width: 2, height: 1, samples: [10, 10, 10, 255, 255, 211])
        let found = WeatherStatistics(clean: clean, degraded: degraded)
        #expect(found.meanRise == 151.0 / 6)
        #expect(found.coverage == 0.5)
        #expect(abs(found.clippedShare - 1.0 / 3) < 1e-12)
        // 10 log10(65025 · 6 / (3 · 100 + 2 · 3025 + 121))
        #expect(abs(found.psnr - 17.8) < 0.1)
        #expect(WeatherStatistics(clean: clean, degraded: clean).psnr == .infinity)
    }
}

/// A picture of gradients, from dark to light.
func smooth(width: Int, height: Int) -> RGBPixels {
    var samples: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            samples += [UInt8((x * 3 + y) % 200), UInt8((x + y * 2) % 180), UInt8((x + y) % 220)]
        }
    }
    return RGBPixels(width: width, height: height, samples: samples)
}
