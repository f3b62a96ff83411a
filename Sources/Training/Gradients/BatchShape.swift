/// The number and size of a batch's pictures, which all have one size.
package struct BatchShape: Sendable, Hashable {
    package let count: Int
    /// The height and width, which are multiples of 8.
    package let height: Int
    package let width: Int

    package init(count: Int, height: Int, width: Int) {
        self.count = count
        self.height = height
        self.width = width
    }

    /// The number of floats in the batch's pictures, N×3×H×W.
    package var valueCount: Int { count * 3 * height * width }
}

/// The features that are kept between the forward and the backward pass. The choice does not change any bit of the
/// gradients.
package enum MemoryPlan: String, Sendable, CaseIterable {
    /// Keeps blocks' inputs, and their projected features if computing them again costs more than the memory
    /// traffic.
    case keep
    /// Keeps only blocks' inputs; the backward pass computes the rest again.
    case recompute
}
