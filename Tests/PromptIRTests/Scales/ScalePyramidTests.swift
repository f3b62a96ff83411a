import Kernels
import PromptIR
import Tensors
import Testing

@Suite("Scale pyramid")
struct ScalePyramidTests {
    private static let sizes = [(1, 1), (64, 300), (128, 128), (257, 261), (260, 515)]

    /// Adds waves of `amplitude` levels and one pixel: nothing but structure.
    private static func checkered(_ image: ImageTensor, levels amplitude: Float) -> ImageTensor {
        var image = image
        for index in image.values.indices {
            let (row, column) = (index / image.width % image.height, index % image.width)
            image.values[index] += ((row + column) % 2 == 0 ? amplitude : -amplitude) / 255
        }
        return image
    }

    @Test("what changes nothing gives the image back, to the bit", arguments: sizes)
    func identity(height: Int, width: Int) {
        let image = ImageTensor.noise(height: height, width: width)
        for mode in [ScaleMode.auto, .factors([1]), .factors([1, 2, 4, 8]), .factors([1, 4])] {
            let result = mode.pyramid(height: height, width: width).run(image) { $0 }
            #expect(result.image == image)
        }
    }

    @Test("each scale is restored once, the coarsest first, at its size")
    func order() {
        let image = ImageTensor.noise(height: 257, width: 301)
        var sizes: [[Int]] = []
        let pyramid = ScaleMode.factors([1, 2, 4]).pyramid(height: 257, width: 301)
        let report = pyramid.run(image) { image in
            sizes.append([image.height, image.width])
            return image
        }.report
        #expect(sizes == [[65, 76], [129, 151], [257, 301]])
        #expect(pyramid.sizes.map { [$0.height, $0.width] } == sizes.reversed())
        #expect(report.kept == [1, 2, 4] && report.levels.map(\.factor) == [4, 2])
    }

    @Test(
        "every scale gets its picture with what the coarser ones changed",
        arguments: [[1, 2, 4], [1, 4], [1, 2]])
    func formula(factors: [Int]) {
        let image = ImageTensor.noise(height: 259, width: 262)
        func restored(_ image: ImageTensor) -> ImageTensor {
            // Depends on the size, and not on the pixel alone.
            var image = image
            for index in image.values.indices.dropFirst() {
                image.values[index] = 0.8 * image.values[index] + 1 / Float(image.height)
            }
            return image
        }
        // The same from the definition.
        func expected(_ picture: ImageTensor, _ factor: Int) -> ImageTensor {
            var input = picture
            if factor < factors[factors.count - 1] {
                let half = picture.halved()
                var change = expected(half, 2 * factor)
                change.subtract(half)
                input.addDoubled(change)
            }
            return factors.contains(factor) ? restored(input) : input
        }
        let result = ScaleMode.factors(factors).pyramid(height: 259, width: 262).run(image, body: restored)
        #expect(result.image.largestDifference(to: expected(image, 1)) < 1e-6)
    }

    @Test("a constant that is taken away at every scale is taken away once for each")
    func constant() {
        let image = ImageTensor.noise(height: 260, width: 258)
        let result = ScaleMode.factors([1, 2, 4]).pyramid(height: 260, width: 258).run(image) { image in
            ImageTensor(height: image.height, width: image.width, values: image.values.map { $0 - 0.1 })
        }
        let wanted = ImageTensor(height: 260, width: 258, values: image.values.map { $0 - 0.3 })
        #expect(result.image.largestDifference(to: wanted) < 1e-5)
    }

    @Test("scales that do not fit are left out, and said so")
    func leftOut() {
        var count = 0
        let pyramid = ScaleMode.factors([1, 2, 4, 8]).pyramid(height: 128, width: 500)
        let report = pyramid.run(ImageTensor.noise(height: 128, width: 500)) { image in
            count += 1
            return image
        }.report
        #expect(count == 2)
        #expect(report.asked == [1, 2, 4, 8] && report.kept == [1, 2])
        #expect(report.levels.map(\.factor) == [8, 4, 2])
        #expect(report.levels.prefix(2).allSatisfy { $0.outcome == .leftOut })
    }

    @Test("auto drops changes without structure: the full size comes out as if it were alone")
    func automaticDrops() {
        let image = ImageTensor.noise(height: 512, width: 600)
        // Darker by ten levels: much, but smooth.
        func darker(_ image: ImageTensor) -> ImageTensor {
            ImageTensor(height: image.height, width: image.width, values: image.values.map { $0 - 10 / 255 })
        }
        let result = ScaleMode.auto.pyramid(height: 512, width: 600).run(image, body: darker)
        #expect(result.image == darker(image))
        #expect(result.report.asked == [1, 2, 4, 8] && result.report.kept == [1])
        for level in result.report.levels.dropFirst() {
            guard case .notNeeded(let change) = level.outcome else {
                Issue.record("level \(level.factor) was kept")
                continue
            }
            #expect(change.structure < 1e-3 && change.changedShare == 1)
        }
    }

    @Test("auto finds nothing to do where nothing changes")
    func automaticOfIdentity() {
        let image = ImageTensor.noise(height: 512, width: 512)
        #expect(ScaleMode.auto.pyramid(height: 512, width: 512).run(image) { $0 }.report.kept == [1])
    }

    @Test(
        "auto begins at the first scale that finds less than half of what the one before found",
        arguments: [
            ([36, 16, 7, 3], [1, 2, 4]), ([20, 20, 9, 3], [1, 2]), ([3, 4, 6, 9], [1]), ([6, 6, 6, 6], [1]),
            ([18, 12, 8, 6], [1]),
            // Begun once, it goes on, whatever the finer scales find.
            ([20, 9, 9, 20], [1, 2, 4]), ([0, 0, 0, 9], [1]),
        ])
    func automaticKeeps(amplitudes: [Float], kept: [Int]) {
        let image = ImageTensor.noise(height: 1024, width: 1030)
        func body(_ image: ImageTensor) -> ImageTensor {
            Self.checkered(image, levels: amplitudes[(image.height / 128).trailingZeroBitCount])
        }
        let automatic = ScaleMode.auto.pyramid(height: 1024, width: 1030).run(image, body: body)
        #expect(automatic.report.kept == kept)
        // What was tried before is dropped: the result is that of the scales that were kept.
        let chosen = ScaleMode.factors(kept).pyramid(height: 1024, width: 1030).run(image, body: body)
        #expect(automatic.image == chosen.image)
    }

    @Test("what is no number comes through, and is not dropped as needless")
    func notANumber() {
        let image = ImageTensor.noise(height: 512, width: 512)
        let result = ScaleMode.auto.pyramid(height: 512, width: 512).run(image) { image in
            var image = image
            if image.height < 512 { image.values[0] = .nan }
            return image
        }
        #expect(result.image.values.contains { !$0.isFinite })
    }

    @Test("errors of the body come through")
    func errors() {
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            _ = try ScaleMode.auto.pyramid(height: 200, width: 200).run(ImageTensor(height: 200, width: 200))
            {
                _ throws(Broken) in throw Broken()
            }
        }
    }
}
