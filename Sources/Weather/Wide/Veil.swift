import Images
import RandomNumbers

/// Mist over the picture, of uneven thickness and usually thicker towards the top, where things are farther away.
struct Veil {
    /// Grid points along each side; the thickness is interpolated between them.
    private static let side = 4

    /// Brightness in grey levels.
    let grey: Double
    private let opacity: Double
    /// The least thickness, as a share of the greatest.
    private let floor: Double
    private let thicknesses: [Double]

    init(opacity: Double, grey: Double, floor: Double, _ numbers: inout RandomSequence) {
        self.opacity = opacity
        self.grey = grey
        self.floor = floor
        let rise = numbers.uniform(-0.5, 1)
        thicknesses = (0..<Self.side * Self.side).map { index in
            let height = 1 - Double(index / Self.side) / Double(Self.side - 1)
            return min(max(numbers.unit() + rise * (height - 0.5), 0), 1)
        }
    }

    /// Returns the thickness in 0…1, as (height, width).
    func opacities(width: Int, height: Int) -> [Double] {
        let columns = Self.places(width)
        return Self.places(height).flatMap { row in
            columns.map { column in
                let top = blended(column.share, at(row.cell, column.cell), at(row.cell, column.cell + 1))
                let bottom = blended(
                    column.share, at(row.cell + 1, column.cell), at(row.cell + 1, column.cell + 1))
                return opacity * (floor + (1 - floor) * blended(row.share, top, bottom))
            }
        }
    }

    private func at(_ row: Int, _ column: Int) -> Double { thicknesses[row * Self.side + column] }

    /// Returns the position of each pixel of an axis between two grid points, smooth at the points.
    private static func places(_ count: Int) -> [(cell: Int, share: Double)] {
        (0..<count).map { index in
            let place = Double(index) * Double(side - 1) / Double(max(count - 1, 1))
            let cell = min(Int(place), side - 2)
            let share = place - Double(cell)
            return (cell, share * share * (3 - 2 * share))
        }
    }
}

extension RGBPixels {
    /// Composes the picture with its veil, if it has one, and then with the rain or snow.
    ///
    /// - Parameters:
    ///   - mask: opacities of rain or snow, (height, width).
    ///   - composed: maps a grey level behind the veil, the opacity in front of it, and the channel, to the
    ///     visible grey level.
    func behind(
        _ veil: Veil?, mask: [Double],
        composed: (_ value: Double, _ opacity: Double, _ channel: Int) -> Double
    ) -> RGBPixels {
        let opacities = veil?.opacities(width: width, height: height)
        var samples = samples
        for pixel in mask.indices {
            for channel in 0..<3 {
                var value = Double(samples[pixel * 3 + channel])
                if let veil, let opacities { value += (veil.grey - value) * opacities[pixel] }
                samples[pixel * 3 + channel] = rounded(composed(value, mask[pixel], channel))
            }
        }
        return RGBPixels(width: width, height: height, samples: samples)
    }
}
