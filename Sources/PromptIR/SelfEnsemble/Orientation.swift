import Tensors

/// The eight ways to lay a rectangle on itself or on its transpose: the dihedral group of order eight.
///
/// An orientation first transposes (if it does), then mirrors rows and columns.
package struct Orientation: Sendable, Hashable, CaseIterable {
    package let isTransposed: Bool
    /// The order of the rows is reversed.
    package let isFlippedVertically: Bool
    /// The order of the columns is reversed.
    package let isFlippedHorizontally: Bool

    package init(transposed: Bool = false, flippedVertically: Bool = false, flippedHorizontally: Bool = false)
    {
        isTransposed = transposed
        isFlippedVertically = flippedVertically
        isFlippedHorizontally = flippedHorizontally
    }

    package static let identity = Orientation()

    /// The four that keep width and height first, then the four that swap them: working memory planned for one
    /// size is used four times before it is planned anew.
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

    /// This orientation followed by `next`.
    package func followed(by next: Orientation) -> Orientation {
        let vertically = next.isTransposed ? isFlippedHorizontally : isFlippedVertically
        let horizontally = next.isTransposed ? isFlippedVertically : isFlippedHorizontally
        return Orientation(
            transposed: isTransposed != next.isTransposed,
            flippedVertically: vertically != next.isFlippedVertically,
            flippedHorizontally: horizontally != next.isFlippedHorizontally)
    }

    /// The (C, H, W) image in this orientation: (C, W, H) if it transposes. Values are moved, never computed.
    package func apply(to image: ImageTensor) -> ImageTensor {
        if self == .identity {
            return image
        }
        let height = isTransposed ? image.width : image.height
        let width = isTransposed ? image.height : image.width
        // Where the result's pixel (0, 0) comes from, and how far the source moves per row and per column.
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
