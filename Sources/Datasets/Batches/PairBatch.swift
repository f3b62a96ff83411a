import Tensors

/// Pairs in the network's layout: (count, 3, height, width) float32 in [0, 1], contiguous.
package struct PairBatch: Sendable {
    package let names: [String]
    package let height: Int
    package let width: Int
    /// The pictures, `count * 3 * height * width` floats each, or more if the buffers served larger batches
    /// before.
    package let degraded: AlignedBuffer
    package let clean: AlignedBuffer

    package var count: Int { names.count }

    package init(
        names: [String], height: Int, width: Int, degraded: AlignedBuffer, clean: AlignedBuffer
    ) {
        self.names = names
        self.height = height
        self.width = width
        self.degraded = degraded
        self.clean = clean
    }

    /// Fills the buffers, or new ones if they are too small.
    init(_ pairs: [Pair], reusing buffers: (degraded: AlignedBuffer, clean: AlignedBuffer)?) throws {
        let first = pairs[0]
        for pair in pairs where pair.width != first.width || pair.height != first.height {
            throw DatasetError.mixedSizes(
                first: first.name, PictureSize(width: first.width, height: first.height), second: pair.name,
                PictureSize(width: pair.width, height: pair.height))
        }
        let valueCount = 3 * first.height * first.width
        names = pairs.map(\.name)
        height = first.height
        width = first.width
        if let buffers, buffers.degraded.count >= pairs.count * valueCount {
            (degraded, clean) = buffers
        } else {
            degraded = try AlignedBuffer(count: pairs.count * valueCount)
            clean = try AlignedBuffer(count: pairs.count * valueCount)
        }
        for (slot, pair) in pairs.enumerated() {
            degraded.storePlanes(ofRGB: pair.degraded.samples, at: slot * valueCount)
            clean.storePlanes(ofRGB: pair.clean.samples, at: slot * valueCount)
        }
    }
}
