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

    private static let fractions: [Float] = (0..<256).map { Float($0) / 255 }
}
