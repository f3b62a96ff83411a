/// A view of the planes of an input image and its output while a pass runs. It does not own its memory.
package struct ImagePlanes: @unchecked Sendable {
    // Unchecked because concurrent tasks only read the input and write disjoint parts of the output.

    package let height: Int
    package let width: Int
    /// (3, H, W), contiguous.
    package let input: UnsafePointer<Float>
    /// (3, H, W), contiguous; does not overlap the input.
    package let output: UnsafeMutablePointer<Float>

    /// Calls `body` with the planes of both images, which have the same size.
    package static func with<Result>(
        _ input: ImageTensor, _ output: inout ImageTensor, _ body: (ImagePlanes) -> Result
    ) -> Result? {
        precondition(
            input.channels == output.channels && input.height == output.height && input.width == output.width,
            "output must have the input's size")
        return input.values.withUnsafeBufferPointer { from in
            output.values.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return nil }
                return body(
                    ImagePlanes(height: input.height, width: input.width, input: from, output: to))
            }
        }
    }
}
