import Tensors

extension AlignedBuffer {
    /// A buffer that holds these values.
    convenience init(_ floats: [Float]) throws(OutOfMemory) {
        try self.init(count: floats.count)
        fill(0..<floats.count, with: floats)
    }
}
