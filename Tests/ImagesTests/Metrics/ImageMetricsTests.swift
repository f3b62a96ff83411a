import Images
import Testing

/// Against numbers that scikit-image has computed (metrics.json, by make_fixtures.py).
struct ImageMetricsTests {
    private static let tolerance = 1e-6

    @Test(arguments: Fixtures.metrics.indices)
    func `scores equal those of scikit-image`(index: Int) throws {
        let expected = Fixtures.metrics[index]
        let first = try Fixtures.picture(expected.first)
        let second = try Fixtures.picture(expected.second)
        let scores = try ImageMetrics.scores(first, second)
        #expect(abs(scores.psnr - expected.psnr) < Self.tolerance)
        #expect(abs(scores.lumaPSNR - expected.lumaPSNR) < Self.tolerance)
        #expect((scores.ssim == nil) == (expected.ssim == nil))
        #expect((scores.lumaSSIM == nil) == (expected.lumaSSIM == nil))
        if let ssim = scores.ssim, let expected = expected.ssim {
            #expect(abs(ssim - expected) < Self.tolerance)
        }
        if let ssim = scores.lumaSSIM, let expected = expected.lumaSSIM {
            #expect(abs(ssim - expected) < Self.tolerance)
        }
    }

    @Test func `metrics were found`() {
        #expect(Fixtures.metrics.count >= 7)
    }

    @Test(arguments: PixelLayout.allCases)
    func `a picture equals itself`(layout: PixelLayout) throws {
        let picture = scene(20, 14, layout)
        for channels in MetricChannels.allCases {
            #expect(try ImageMetrics.psnr(picture, picture, over: channels) == .infinity)
            #expect(abs(try ImageMetrics.ssim(picture, picture, over: channels) - 1) < 1e-12)
        }
    }

    @Test func `depth, grey and alpha do not matter`() throws {
        let first = scene(20, 14, .grey, seed: 1)
        let second = scene(20, 14, .grey, seed: 2)
        guard case .eightBit(let samples) = second.samples else {
            Issue.record("the scene has not 8 bits")
            return
        }
        var wide = second
        wide.samples = .sixteenBit(samples.map { UInt16($0) * 257 })
        var colour = second
        colour.layout = .rgba
        colour.samples = .eightBit(samples.enumerated().flatMap { [$1, $1, $1, UInt8($0 % 256)] })
        let expected = try ImageMetrics.scores(first, second)
        for other in [wide, colour] {
            let scores = try ImageMetrics.scores(first, other)
            #expect(abs(scores.psnr - expected.psnr) < 1e-9)
            #expect(abs((scores.ssim ?? 0) - (expected.ssim ?? 1)) < 1e-9)
            #expect(abs((scores.lumaSSIM ?? 0) - (expected.lumaSSIM ?? 1)) < 1e-9)
        }
    }

    @Test func `pictures that cannot be compared are refused`() {
        #expect(throws: MetricError.sizesDiffer("sizes differ: 12×11 and 11×12")) {
            try ImageMetrics.psnr(scene(12, 11, .rgb), scene(11, 12, .rgb))
        }
        #expect(throws: MetricError.tooSmall("SSIM needs 11 pixels a side, the pictures have 10×30")) {
            try ImageMetrics.ssim(scene(10, 30, .rgb), scene(10, 30, .rgb))
        }
    }
}
