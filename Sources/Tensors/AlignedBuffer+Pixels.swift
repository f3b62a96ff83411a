extension AlignedBuffer {
    /// Stores 8-bit pixels (H, W, 3) as planes (3, H, W) of floats in [0, 1], from `offset` on, divided by 255 as in
    /// restoration. Overwrites `samples.count` floats. Traps if they exceed the buffer.
    package func storePlanes(ofRGB samples: [UInt8], at offset: Int) {
        precondition(samples.count % 3 == 0, "AlignedBuffer: \(samples.count) samples are no RGB pixels")
        precondition(offset >= 0 && offset + samples.count <= count, "AlignedBuffer: planes reach beyond it")
        let pixelCount = samples.count / 3
        Self.fractions.withUnsafeBufferPointer { fractions in
            for plane in 0..<3 {
                let target = base + offset + plane * pixelCount
                for pixel in 0..<pixelCount {
                    target[pixel] = fractions[Int(samples[pixel * 3 + plane])]
                }
            }
        }
    }

    /// Returns the planes (3, H, W) of `pixelCount` pixels from `offset` on as 8-bit pixels (H, W, 3), clamped to [0,
    /// 1] and rounded to nearest. NaN becomes black.
    package func rgbSamples(pixelCount: Int, at offset: Int) -> [UInt8] {
        precondition(
            offset >= 0 && offset + 3 * pixelCount <= count, "AlignedBuffer: planes reach beyond it")
        var samples: [UInt8] = []
        samples.reserveCapacity(3 * pixelCount)
        for pixel in 0..<pixelCount {
            for plane in 0..<3 {
                // This comparison is false for NaN.
                let value = base[offset + plane * pixelCount + pixel]
                samples.append(value > 0 ? UInt8(min(value, 1) * 255 + 0.5) : 0)
            }
        }
        return samples
    }

    private static let fractions: [Float] = (0..<256).map { Float($0) / 255 }
}
