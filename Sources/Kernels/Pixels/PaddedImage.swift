import Tensors

/// The image in the layout of the first layer.
package enum PaddedImage {
    /// The distance between pixels in floats: three colours and a zero.
    package static let stride = 4

    /// Returns the source of a padded position: mirrored at the last pixel without repeating it (PyTorch `F.pad(mode:
    /// "reflect")`), or the last pixel if the image is too small to reflect.
    package static func source(_ position: Int, length: Int) -> Int {
        guard position >= length else { return position }
        let padding = NetworkSide.roundedUp(length) - length
        guard padding < length else { return length - 1 }
        return 2 * (length - 1) - position
    }

    /// Copies planes into pixels, padded at the right and the bottom.
    ///
    /// - Parameter target: stride 4, the image's size rounded up to multiples of 8.
    package static func load(_ image: ImagePlanes, into target: FeatureMap) {
        let plane = image.height * image.width
        for y in 0..<target.height {
            let row = source(y, length: image.height) * image.width
            for x in 0..<target.width {
                let pixel = target.pixel(y, x)
                let index = row + source(x, length: image.width)
                pixel[0] = image.input[index]
                pixel[1] = image.input[plane + index]
                pixel[2] = image.input[2 * plane + index]
                pixel[3] = 0
            }
        }
    }
}
