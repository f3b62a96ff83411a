import Tensors

/// The eight ways to map a rectangle to itself or to its transpose: the dihedral group of order eight.
///
/// An orientation first transposes, if it does, and then mirrors rows and columns.
package struct Orientation: Sendable, Hashable, CaseIterable {
    package let isTransposed: Bool
    /// Whether the order of the rows is reversed.
    package let isFlippedVertically: Bool
    /// Whether the order of the columns is reversed.
    package let isFlippedHorizontally: Bool

    package init(transposed: Bool = false, flippedVertically: Bool = false, flippedHorizontally: Bool = false)
    {
        isTransposed = transposed
        isFlippedVertically = flippedVertically
        isFlippedHorizontally = flippedHorizontally
    }

    package static let identity = Orientation()

    /// The four orientations that keep width and height come before the four that swap them, so that working memory
    /// is planned only twice.
    package static let allCases: [Orientation] = [false, true].flatMap { transposed in
        [false, true].flatMap { vertically in
            [false, true].map { horizontally in
                Orientation(
                    transposed: transposed, flippedVertically: vertically, flippedHorizontally: horizontally)
            }
        }
    }

    /// The orientation that undoes this one.
    package var inverse: Orientation {
        // Transposition turns a flip of rows into one of columns.
        isTransposed
            ? Orientation(
                transposed: true, flippedVertically: isFlippedHorizontally,
                flippedHorizontally: isFlippedVertically)
            : self
    }

    /// Returns the (C, H, W) image in this orientation, as (C, W, H) if it transposes. Values are moved, never
    /// computed.
    package func apply(to image: ImageTensor) -> ImageTensor {
        if self == .identity {
            return image
        }
        let height = isTransposed ? image.width : image.height
        let width = isTransposed ? image.height : image.width
        // These are the source of the result's pixel (0, 0), and the source's steps per row and per column.
        let rowStride = isTransposed ? 1 : image.width
        let columnStride = isTransposed ? image.width : 1
        let origin =
            (isFlippedVertically ? (height - 1) * rowStride : 0)
            + (isFlippedHorizontally ? (width - 1) * columnStride : 0)
        let rowStep = isFlippedVertically ? -rowStride : rowStride
        let columnStep = isFlippedHorizontally ? -columnStride : columnStride

        var moved: [Float] = []
        moved.reserveCapacity(image.values.count)
        for channel in 0..<image.channels {
            for row in 0..<height {
                var source = channel * height * width + origin + row * rowStep
                for _ in 0..<width {
                    moved.append(image.values[source])
                    source += columnStep
                }
            }
        }
        return ImageTensor(channels: image.channels, height: height, width: width, values: moved)
    }
}
