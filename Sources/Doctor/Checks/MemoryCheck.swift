/// Whether the largest pictures that the configuration accepts fit into the memory.
package struct MemoryCheck: Sendable {
    /// The bytes that all pictures together may take.
    package var plannedByteCount: Int
    /// `max-pixels`.
    package var acceptedPixelCount: Int
    /// The largest picture that is restored whole, and the largest that fits at all, in tiles if needed; at most what is
    /// accepted.
    package var wholePixelCount: Int
    package var fittingPixelCount: Int

    package init(
        plannedByteCount: Int, acceptedPixelCount: Int, wholePixelCount: Int, fittingPixelCount: Int
    ) {
        self.plannedByteCount = plannedByteCount
        self.acceptedPixelCount = acceptedPixelCount
        self.wholePixelCount = wholePixelCount
        self.fittingPixelCount = fittingPixelCount
    }

    package var finding: Finding {
        let planned = "\(Amount.bytes(plannedByteCount)) for pictures"
        let whole =
            wholePixelCount < fittingPixelCount
            ? "up to \(Amount.megapixels(wholePixelCount)) whole, larger ones in tiles"
            : "up to \(Amount.megapixels(wholePixelCount)) whole"
        guard fittingPixelCount < acceptedPixelCount else {
            return .ok("memory", "\(planned): \(whole)")
        }
        return .warning(
            "memory",
            "\(planned): \(whole); above \(Amount.megapixels(fittingPixelCount)) refused as too-large, although max-pixels accepts \(Amount.megapixels(acceptedPixelCount))",
            advice: "give it more memory (memory-limit, MemoryMax= of the unit), or lower max-pixels")
    }

    /// Returns the largest number of pixels, in steps of a hundredth of `most`, for which `fits` is true; it must be
    /// false above a number for which it is false.
    package static func largest(upTo most: Int, where fits: (Int) -> Bool) -> Int {
        if fits(most) { return most }
        let step = max(most / 100, 1)
        var (low, high) = (0, most / step)
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle * step) { low = middle } else { high = middle }
        }
        return low * step
    }
}
