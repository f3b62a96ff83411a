import Tensors

/// Halves and doubles the size of images; see `Resampling`.
extension ImageTensor {
    /// Returns the image at half its size, (C, ⌈H/2⌉, ⌈W/2⌉): the mean of every 2×2 pixels.
    package func halved() -> ImageTensor {
        var half = ImageTensor(
            channels: channels, height: Resampling.halved(height), width: Resampling.halved(width))
        values.withUnsafeBufferPointer { from in
            half.values.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                Resampling.halve(from, planeCount: channels, height: height, width: width, into: to)
            }
        }
        return half
    }

    /// Returns the image at twice its size, (C, height, width), interpolated.
    ///
    /// - Parameters:
    ///   - height, width: the size of the result. Traps unless half of it, rounded up, is the image's size.
    package func doubled(height: Int, width: Int) -> ImageTensor {
        var double = ImageTensor(channels: channels, height: height, width: width)
        double.addDoubled(self)
        return double
    }

    /// Doubles an image of half the size, rounded up, and adds it, in place if nobody else holds the values.
    /// Traps if the sizes do not fit.
    package mutating func addDoubled(_ half: ImageTensor) {
        precondition(
            half.channels == channels && half.height == Resampling.halved(height)
                && half.width == Resampling.halved(width), "ImageTensor: half of another image")
        let (channels, height, width) = (channels, height, width)
        half.values.withUnsafeBufferPointer { from in
            values.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                Resampling.addDoubled(from, planeCount: channels, height: height, width: width, to: to)
            }
        }
    }

    /// Subtracts an image of the same shape, value by value. Traps if the shapes differ.
    package mutating func subtract(_ other: ImageTensor) {
        precondition(
            other.channels == channels && other.height == height && other.width == width,
            "ImageTensor: another shape is subtracted")
        other.values.withUnsafeBufferPointer { subtrahend in
            values.withUnsafeMutableBufferPointer { values in
                for index in values.indices { values[index] -= subtrahend[index] }
            }
        }
    }
}
