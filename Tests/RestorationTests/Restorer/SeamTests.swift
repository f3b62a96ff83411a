import PromptIR
import Restoration
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
        for (axis, alongRows) in [(plan.rows, true), (plan.columns, false)] {
            let profile = Self.profile(restored, alongRows: alongRows)
            let borders = Set(axis.spans.flatMap { [$0.start - 1, $0.start, $0.end - 1, $0.end] })
                .filter { $0 > 8 && $0 < axis.length - 8 }
            let interior = (9..<axis.length - 8).filter { !borders.contains($0) }.map { profile[$0] }.sorted()
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
