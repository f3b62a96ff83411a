import Kernels
import PromptIR
import Restoration
import RestorationTestSupport
import Tensors
import Testing

/// On a smooth picture the trained network in tiles must leave no step where tiles end.
@Suite("Seams")
struct SeamTests {
    /// Slow waves in three colours, (3, H, W): nothing changes by more than about 1 % from pixel to pixel.
    private static func smooth(height: Int, width: Int) -> ImageTensor {
        var values: [Float] = []
        for plane in 0..<3 {
            for row in 0..<height {
                for column in 0..<width {
                    let x = Float(column) / Float(width)
                    let y = Float(row) / Float(height)
                    // Parabolas: smooth, and free of any library's sine.
                    let wave = 4 * x * (1 - x) * (0.5 + 0.5 * y) + 0.1 * Float(plane) * (1 - y)
                    values.append(0.15 + 0.6 * wave)
                }
            }
        }
        return ImageTensor(height: height, width: width, values: values)
    }

    /// Mean absolute second difference across every column (or row): a step or an edge stands out in it.
    private static func profile(_ image: ImageTensor, alongRows: Bool) -> [Double] {
        let count = alongRows ? image.height : image.width
        let other = alongRows ? image.width : image.height
        var profile = [Double](repeating: 0, count: count)
        for plane in 0..<3 {
            for place in 1..<count - 1 {
                for across in 0..<other {
                    func value(_ place: Int) -> Float {
                        let (row, column) = alongRows ? (place, across) : (across, place)
                        return image.values[(plane * image.height + row) * image.width + column]
                    }
                    profile[place] += Double(abs(value(place - 1) - 2 * value(place) + value(place + 1)))
                }
            }
        }
        return profile.map { $0 / Double(3 * other) }
    }

    @Test("tile borders do not stand out against the interior", arguments: [(96, 32), (64, 32), (128, 16)])
    func borders(tile: Int, overlap: Int) throws {
        let image = Self.smooth(height: 168, width: 232)
        let plan = TilePlan(height: image.height, width: image.width, tile: tile, overlap: overlap)
        let session = ForwardSession(network: try TestModel.network.get(), threadCount: 2)
        let restored = try plan.run(image) { try session.forward($0) }
        Self.expectNoStep(restored, plan)
    }

    @Test("nor with smaller scales before it, which have borders of their own")
    func scales() throws {
        let image = Self.smooth(height: 168, width: 232)
        func plan(_ image: ImageTensor) -> TilePlan {
            TilePlan(height: image.height, width: image.width, tile: 64, overlap: 32)
        }
        let session = ForwardSession(network: try TestModel.network.get(), threadCount: 2)
        let restored = try ScaleMode.factors([1, 2]).pyramid(height: 168, width: 232).run(image) { image in
            try plan(image).run(image) { try session.forward($0) }
        }
        #expect(restored.report.kept == [1, 2] && plan(image.halved()).tileCount > 1)
        Self.expectNoStep(restored.image, plan(image))
        let half = plan(image.halved())
        Self.expectNoStep(restored.image, half, factor: 2)
    }

    /// - Parameter factor: of the scale whose tiles these are.
    private static func expectNoStep(_ restored: ImageTensor, _ plan: TilePlan, factor: Int = 1) {
        for (axis, alongRows) in [(plan.rows, true), (plan.columns, false)] {
            let profile = Self.profile(restored, alongRows: alongRows)
            let length = profile.count
            let ends = axis.spans.flatMap { [$0.start, $0.end] }
            let lines = ends.flatMap { Array(factor * ($0 - 1)..<factor * ($0 + 1)) }
            let borders = Set(lines.filter { $0 > 8 && $0 < length - 8 })
            let interior = (9..<length - 8).filter { !borders.contains($0) }.map { profile[$0] }.sorted()
            // The noise of the interior: what 95 of 100 of its lines stay below, half as much again for chance.
            let noise = interior[interior.count * 95 / 100]
            for border in borders.sorted() {
                #expect(
                    profile[border] <= 1.5 * noise + 1e-4,
                    "\(alongRows ? "row" : "column") \(border): \(profile[border]) over \(noise)")
            }
        }
    }
}
