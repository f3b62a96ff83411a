import Tensors

/// A feature map in guarded memory. Beyond the whole panels of a pixel, where its stride is longer, lie guard bits.
struct GuardedMap {
    let memory: GuardedMemory
    let map: FeatureMap

    /// A map to be written.
    init(channels: Int, height: Int, width: Int, stride: Int? = nil) throws {
        let stride = stride ?? FeatureMap.paddedChannels(channels)
        memory = try GuardedMemory(count: height * width * stride)
        map = FeatureMap(
            base: memory.base, channels: channels, height: height, width: width, stride: stride)
    }

    /// A map to be read: values in (C, H, W) order, zeros up to whole panels.
    init(_ values: [Float], channels: Int, height: Int, width: Int, stride: Int? = nil) throws {
        try self.init(channels: channels, height: height, width: width, stride: stride)
        let plane = height * width
        for pixel in 0..<plane {
            for channel in 0..<min(map.stride, FeatureMap.paddedChannels(channels)) {
                memory.base[pixel * map.stride + channel] =
                    channel < channels ? values[channel * plane + pixel] : 0
            }
        }
    }

    /// Values in (C, H, W) order.
    var planes: [Float] {
        (0..<map.channels).flatMap { channel in
            (0..<map.pixelCount).map { memory.base[$0 * map.stride + channel] }
        }
    }

    /// The floats between the channels and the end of their last panel are zero, as the next kernel needs it.
    var paddingIsZero: Bool {
        (0..<map.pixelCount).allSatisfy { pixel in
            (map.channels..<min(map.stride, FeatureMap.paddedChannels(map.channels))).allSatisfy {
                memory.base[pixel * map.stride + $0] == 0
            }
        }
    }

    /// Nothing was written around the map or between the panels of its pixels.
    var guardsAreIntact: Bool {
        let used = min(map.stride, FeatureMap.paddedChannels(map.channels))
        return memory.guardsAreIntact
            && (0..<map.pixelCount).allSatisfy { pixel in
                (used..<map.stride).allSatisfy { memory.isUntouched(pixel * map.stride + $0) }
            }
    }
}
