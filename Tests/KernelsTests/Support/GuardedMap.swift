import Tensors

/// A feature map in guarded memory. Beyond the whole panels of a pixel, where its stride is longer, lie guard bits.
struct GuardedMap {
    let memory: GuardedMemory
    let map: FeatureMap

    /// A map to be written.
    ///
    /// - Parameter stride: values from pixel to pixel.
    init(
        channels: Int, height: Int, width: Int, stride: Int? = nil, precision: Precision = .float32
    ) throws {
        let stride = precision.wordCount(stride ?? FeatureMap.paddedChannels(channels))
        memory = try GuardedMemory(count: height * width * stride)
        map = FeatureMap(
            base: memory.base, channels: channels, height: height, width: width, stride: stride,
            precision: precision)
    }

    /// A map to be read: values in (C, H, W) order, zeros up to whole panels.
    init(
        _ values: [Float], channels: Int, height: Int, width: Int, stride: Int? = nil,
        precision: Precision = .float32
    ) throws {
        try self.init(channels: channels, height: height, width: width, stride: stride, precision: precision)
        let plane = height * width
        for pixel in 0..<plane {
            func value(_ channel: Int) -> Float {
                channel < channels ? values[channel * plane + pixel] : 0
            }
            for word in 0..<usedWords {
                memory.base[pixel * map.stride + word] =
                    precision == .float32
                    ? value(word) : BFloat16Bits.word(value(2 * word), value(2 * word + 1))
            }
        }
    }

    /// The words of a pixel's whole panels.
    private var usedWords: Int { min(map.stride, FeatureMap.stride(map.channels, in: map.precision)) }

    private func value(_ pixel: Int, _ channel: Int) -> Float {
        let words = memory.base + pixel * map.stride
        switch map.precision {
        case .float32: return words[channel]
        case .bfloat16, .bfloat16AMX, .int8:
            let word = words[channel / 2]
            return channel % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
        }
    }

    /// Values in (C, H, W) order.
    var planes: [Float] {
        (0..<map.channels).flatMap { channel in (0..<map.pixelCount).map { value($0, channel) } }
    }

    /// The values between the channels and the end of their last panel are zero, as the next kernel needs it.
    var paddingIsZero: Bool {
        (0..<map.pixelCount).allSatisfy { pixel in
            (map.channels..<usedWords * map.precision.valuesPerWord).allSatisfy { value(pixel, $0) == 0 }
        }
    }

    /// Nothing was written around the map or between the panels of its pixels.
    var guardsAreIntact: Bool {
        memory.guardsAreIntact
            && (0..<map.pixelCount).allSatisfy { pixel in
                (usedWords..<map.stride).allSatisfy { memory.isUntouched(pixel * map.stride + $0) }
            }
    }
}
