/// What a forward pass needs beyond the weights, known before anything is allocated.
public struct MemoryEstimate: Sendable, Equatable {
    /// Working memory for each pixel of the (padded) input.
    public let bytesPerPixel: Int
    /// Working memory whatever the size: packed weights' scratch, bands, prompts.
    public let fixedByteCount: Int

    /// - Parameter dim: channels at full resolution before the first downsampling (48 in the published network).
    ///   All full-resolution tensors grow with it: the skip, x and v of a block at 2 · dim channels; 25 bytes for
    ///   each of them and pixel is the engine's 1.2 kB at dim 48.
    public init(dim: Int, fixedByteCount: Int = 60_000_000) {
        precondition(dim >= 1, "MemoryEstimate: dim \(dim)")
        bytesPerPixel = 25 * dim
        self.fixedByteCount = fixedByteCount
    }

    /// Bytes for one image or tile of this size. Saturates at `Int.max`.
    public func bytes(height: Int, width: Int) -> Int {
        let padded = { (value: Int) in
            (value + TileAxis.alignment - 1) / TileAxis.alignment * TileAxis.alignment
        }
        let (pixels, pixelsOverflow) = padded(height).multipliedReportingOverflow(by: padded(width))
        let (bytes, bytesOverflow) = pixels.multipliedReportingOverflow(by: bytesPerPixel)
        let (sum, sumOverflow) = bytes.addingReportingOverflow(fixedByteCount)
        return pixelsOverflow || bytesOverflow || sumOverflow ? Int.max : sum
    }
}
