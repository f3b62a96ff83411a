import Images

/// How much a restoration changed a picture's colours; alpha does not count.
package struct PictureChange: Sendable, Equatable {
    /// A pixel counts as changed if one of its samples changes by more than this, in 8-bit levels.
    package static let threshold = 8

    /// The mean absolute change of the samples, in 8-bit levels.
    package let mean: Double
    /// The share of pixels that changed by more than `threshold`, from 0 to 1.
    package let share: Double

    /// - Parameters:
    ///   - before, after: pictures of the same size, layout and depth. Traps if they differ.
    package init(from before: Picture, to after: Picture) {
        precondition(
            before.width == after.width && before.height == after.height && before.layout == after.layout,
            "PictureChange: pictures that cannot be compared")
        switch (before.samples, after.samples) {
        case (.eightBit(let old), .eightBit(let new)):
            (mean, share) = Self.compare(old, new, layout: before.layout)
        case (.sixteenBit(let old), .sixteenBit(let new)):
            (mean, share) = Self.compare(old, new, layout: before.layout)
        default:
            preconditionFailure("PictureChange: pictures of different depth")
        }
    }

    private static func compare<Sample: FixedWidthInteger & UnsignedInteger>(
        _ before: [Sample], _ after: [Sample], layout: PixelLayout
    ) -> (mean: Double, share: Double) {
        // The size of an 8-bit level in samples: 1 or 257.
        let unit = Int32(Sample.max / 255)
        let limit = Int32(threshold) * unit
        let (stride, colourCount) = (layout.channelCount, layout.colourCount)
        let pixelCount = before.count / stride
        var total = 0
        var changedCount = 0
        for pixel in 0..<pixelCount {
            var largest: Int32 = 0
            for sample in pixel * stride..<pixel * stride + colourCount {
                let difference = abs(Int32(after[sample]) - Int32(before[sample]))
                total += Int(difference)
                largest = max(largest, difference)
            }
            if largest > limit { changedCount += 1 }
        }
        return (
            Double(total) / Double(pixelCount * colourCount) / Double(unit),
            Double(changedCount) / Double(pixelCount)
        )
    }
}
