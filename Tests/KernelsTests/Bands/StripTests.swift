import Kernels
import Tensors
import Testing

@Suite struct StripTests {
    static let sizes =
        AwkwardSizes.maps
        + [(1, 2000), (2000, 1), (64, 64), (128, 64), (511, 63), (1500, 200)].map(MapSize.init)

    @Test(arguments: sizes) func stripsCoverAMapOnce(size: MapSize) {
        var visits = [Int](repeating: 0, count: size.pixelCount)
        for strip in StripGrid(height: size.height, width: size.width).strips {
            #expect(!strip.rows.isEmpty && !strip.columns.isEmpty)
            for y in strip.rows {
                for x in strip.columns { visits[y * size.width + x] += 1 }
            }
        }
        #expect(visits.allSatisfy { $0 == 1 })
    }

    /// Bands follow each other without gaps and compute each row around a strip once, in reach of the scratch.
    @Test(arguments: sizes, [Precision.float32, .int8])
    func bandsCoverAStripOnce(size: MapSize, precision: Precision) throws {
        let grid = StripGrid(height: size.height, width: size.width, precision: precision)
        let storage = try AlignedBuffer(count: 16)
        let map = FeatureMap(base: storage.base, channels: 1, height: size.height, width: size.width)
        for strip in grid.strips {
            var next = strip.rows.lowerBound
            var newRows: [Int] = []
            Band.forEach(in: strip, of: map) { band in
                #expect(band.y == next && band.rowCount > 0)
                next += band.rowCount
                newRows += band.newRows
                #expect(band.newPixelOffset >= 0)
                #expect(
                    band.newPixelOffset + band.newPixelCount <= (band.rowCount + 2) * band.haloWidth
                        || band.newPixelCount == 0)
                #expect((band.rowCount + 2) * band.haloWidth <= grid.largestBandPixelCount)
                #expect(band.haloWidth <= grid.largestHaloWidth)
            }
            #expect(next == strip.rows.upperBound)
            let around = max(strip.rows.lowerBound - 1, 0)..<min(strip.rows.upperBound + 1, size.height)
            #expect(newRows == Array(around))
        }
    }
}
