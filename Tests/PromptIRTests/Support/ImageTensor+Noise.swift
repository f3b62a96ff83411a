import Tensors
import TestSupport

extension ImageTensor {
    /// A (3, H, W) image of noise in [0, 1], the same at every call.
    static func noise(height: Int, width: Int) -> ImageTensor {
        ImageTensor(
            height: height, width: width, values: Formula.image(count: 1, height: height, width: width))
    }

    /// The largest absolute difference to an image of the same shape.
    func largestDifference(to other: ImageTensor) -> Float {
        zip(values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
