import Tensors

/// Decides at which scale restoration begins, and holds all thresholds of the decision.
///
/// Each coarse scale is tried by itself, the coarsest first. If drops are large, the network recognises more of them
/// in a smaller image, and its change has more structure. If they are fine, they merge into a veil, and the change
/// has less. The change of the same drops has about twice the structure in an image of half the size, where their edges
/// cover twice the share of the pixels. Restoration therefore begins at the first scale whose change has less than half
/// the structure of that of the previous scale, which has found drops that this one begins to miss. The coarsest scale
/// is only used for comparison.
package enum ScaleDecision {
    /// The factor by which the coarser change must have more structure.
    static let growth = 2.0
    /// A coarser change with less structure, in 8-bit levels, belongs to a picture without drops.
    static let leastStructure = 0.8
    /// A pixel counts as changed if its luma changes by more, in 8-bit levels.
    static let changedPixelThreshold: Float = 8
    /// The smooth part of a change is its mean over a square with this side around each pixel.
    static let blurSide = 5

    /// Returns whether restoration begins at a scale, if it has not begun at a coarser one.
    ///
    /// The result is also true if a change is NaN, which must not be hidden.
    ///
    /// - Parameters:
    ///   - change: the change at this scale by itself.
    ///   - coarser: the change at the scale of twice the factor by itself; nil if there is none.
    package static func begins(with change: ScaleChange, after coarser: ScaleChange?) -> Bool {
        guard let coarser else { return false }
        return !(coarser.structure <= leastStructure) && !(coarser.structure <= growth * change.structure)
    }
}

/// Statistics of the network's change of an image, in 8-bit levels of luma.
package struct ScaleChange: Sendable, Equatable {
    /// The mean of |c − blur(c)| over the pixels, c being the change of luma.
    package let structure: Double
    /// The share of pixels with |c| above `ScaleDecision.changedPixelThreshold`.
    package let changedShare: Double

    /// - Parameters:
    ///   - before, after: (3, H, W) RGB, 1 being 255 levels. Traps if their shapes differ.
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

    /// Returns the change of luma, weighted as in ITU-R BT.601.
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

    /// The blur is the mean over the pixels of the square that are in the image. It is computed by running sums in
    /// double, down the columns and then along the row.
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
