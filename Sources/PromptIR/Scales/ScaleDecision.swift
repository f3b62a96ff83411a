import Tensors

/// Whether what the network changes at a coarse scale is kept: the only place with numbers about it.
///
/// Rain that is wider than the network knows is left at full size and found at a coarser one. There the network may
/// also blur what is no rain, and then the change does harm. What tells them apart is the change itself: streaks
/// that go leave a change with edges, while a picture without any changes little, or smoothly.
package enum ScaleDecision {
    /// A change is needed if its structure is larger, in 8-bit levels.
    static let structureThreshold = 1.0
    /// A pixel counts as changed if its luma changes by more, in 8-bit levels.
    static let changedPixelThreshold: Float = 8
    /// What of the change is smooth is its mean over a square of so many pixels around each.
    static let blurSide = 5

    /// True also where the change is no number: the result must not hide it.
    package static func isNeeded(_ change: ScaleChange) -> Bool {
        !(change.structure <= structureThreshold)
    }
}

/// What the network changed in an image: numbers of the change's luma, in 8-bit levels.
public struct ScaleChange: Sendable, Equatable {
    /// The mean of |c − blur(c)| over the pixels, c being the change of luma.
    public let structure: Double
    /// The share of pixels with |c| above `ScaleDecision.changedPixelThreshold`.
    public let changedShare: Double

    /// - Parameters:
    ///   - before, after: (3, H, W) RGB, 1 being 255 levels. Traps where their shapes differ.
    package init(from before: ImageTensor, to after: ImageTensor) {
        precondition(
            before.channels == 3 && after.channels == 3 && before.height == after.height
                && before.width == after.width, "ScaleChange: images that cannot be compared")
        let (height, width) = (before.height, before.width)
        let luma = Self.lumaChange(before.values, after.values, pixelCount: height * width)
        changedShare =
            Double(luma.count { $0.magnitude > ScaleDecision.changedPixelThreshold })
            / Double(height * width)
        structure = Self.structure(luma, height: height, width: width)
    }

    /// Weighted as in ITU-R BT.601.
    private static func lumaChange(_ before: [Float], _ after: [Float], pixelCount: Int) -> [Float] {
        var luma = [Float](repeating: 0, count: pixelCount)
        for (plane, weight) in [Float(0.299), 0.587, 0.114].enumerated() {
            let offset = plane * pixelCount
            for pixel in 0..<pixelCount {
                luma[pixel] += 255 * weight * (after[offset + pixel] - before[offset + pixel])
            }
        }
        return luma
    }

    /// The blur is the mean over the pixels of the square that lie in the image, by running sums in double: down
    /// the columns, then along the row.
    private static func structure(_ values: [Float], height: Int, width: Int) -> Double {
        let radius = ScaleDecision.blurSide / 2
        var columns = [Double](repeating: 0, count: width)
        func add(row: Int, sign: Double) {
            for column in 0..<width { columns[column] += sign * Double(values[row * width + column]) }
        }
        for row in 0..<min(radius, height) { add(row: row, sign: 1) }
        var total = 0.0
        for row in 0..<height {
            if row + radius < height { add(row: row + radius, sign: 1) }
            if row - radius - 1 >= 0 { add(row: row - radius - 1, sign: -1) }
            let rowCount = min(row + radius, height - 1) - max(row - radius, 0) + 1
            var sum = columns.prefix(radius).reduce(0, +)
            for column in 0..<width {
                if column + radius < width { sum += columns[column + radius] }
                if column - radius - 1 >= 0 { sum -= columns[column - radius - 1] }
                let columnCount = min(column + radius, width - 1) - max(column - radius, 0) + 1
                let blurred = sum / Double(rowCount * columnCount)
                total += (Double(values[row * width + column]) - blurred).magnitude
            }
        }
        return total / Double(height * width)
    }
}
