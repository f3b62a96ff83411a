import Glibc
import Tensors

/// The prompt of a level before its convolution (PromptIR's prompt generation module, arXiv 2306.13090,
/// section 3.2). Its components are mixed by a softmax over a linear map of the features' mean, and resized
/// bilinearly.
package struct PromptMixture: Sendable {
    package let channels: Int
    let height: Int
    let width: Int
    let length: Int
    /// (length, height, width, padded channels)
    let components: AlignedBuffer
    /// (length, feature channels)
    let linear: [Float]
    let linearBias: [Float]

    /// - Parameters:
    ///   - parameter: (length, channels, height, width), row-major.
    ///   - linear: (length, feature channels), row-major.
    package init(
        channels: Int, height: Int, width: Int, length: Int, parameter: [Float], linear: [Float],
        linearBias: [Float]
    ) throws(OutOfMemory) {
        self.channels = channels
        self.height = height
        self.width = width
        self.length = length
        self.linear = linear
        self.linearBias = linearBias
        let stride = FeatureMap.paddedChannels(channels)
        let pixels = height * width
        components = try AlignedBuffer(count: length * pixels * stride)
        for component in 0..<length {
            for channel in 0..<channels {
                let source = (component * channels + channel) * pixels
                for pixel in 0..<pixels {
                    components.base[(component * pixels + pixel) * stride + channel] =
                        parameter[source + pixel]
                }
            }
        }
    }

    /// The number of floats that `mix` writes.
    package var mixtureCount: Int { height * width * FeatureMap.paddedChannels(channels) }

    /// The number of floats of scratch memory that a task of `resize` needs.
    package var scratchCount: Int { FeatureMap.paddedChannels(channels) }

    /// Computes the mixed components at their own size.
    ///
    /// - Parameters:
    ///   - means: the mean of each feature over the image, as `Pixels.means` computes it.
    ///   - mixture: `mixtureCount` floats, overwritten.
    package func mix(means: FloatRun, mixture run: FloatRun) {
        let mixture = run.base
        let featureCount = linear.count / length
        func score(_ index: Int) -> Double {
            var sum = Double(linearBias[index])
            for channel in 0..<featureCount {
                sum += Double(linear[index * featureCount + channel]) * Double(means.base[channel])
            }
            return sum
        }
        // The few scores are computed again instead of stored, because a pass must not allocate.
        var largest = -Double.infinity
        for index in 0..<length { largest = max(largest, score(index)) }
        var total = 0.0
        for index in 0..<length { total += exp(score(index) - largest) }
        memset(mixture, 0, mixtureCount * 4)
        for index in 0..<length {
            let factor = Vector8(repeating: Float(exp(score(index) - largest) / total))
            let component = components.base + index * mixtureCount
            for vector in stride(from: 0, to: mixtureCount, by: 8) {
                store8(
                    load8(mixture + vector).addingProduct(factor, load8(component + vector)), mixture + vector
                )
            }
        }
    }

    /// Computes rows of the mixture resized to `output` (PyTorch `F.interpolate(mode: "bilinear")`: half-pixel
    /// centres, corners not aligned, no antialiasing).
    ///
    /// - Parameter scratch: `scratchCount` floats.
    package func resize(_ run: FloatRun, output: FeatureMap, rows: Range<Int>, scratch: FloatRun) {
        let mixture = run.base
        let stride = FeatureMap.paddedChannels(channels)
        for y in rows {
            let (top, bottom, vertical) = Self.position(y, from: height, to: output.height)
            for x in 0..<output.width {
                let (left, right, horizontal) = Self.position(x, from: width, to: output.width)
                let pixel = output.pixel(y, x)
                let target = output.precision == .float32 ? pixel : scratch.base
                let down = Vector8(repeating: vertical)
                let across = Vector8(repeating: horizontal)
                for vector in Swift.stride(from: 0, to: stride, by: 8) {
                    func value(_ row: Int, _ column: Int) -> Vector8 {
                        load8(mixture + (row * width + column) * stride + vector)
                    }
                    let upper = value(top, left) * (1 - across) + value(top, right) * across
                    let lower = value(bottom, left) * (1 - across) + value(bottom, right) * across
                    store8(upper * (1 - down) + lower * down, target + vector)
                }
                if output.precision != .float32 {
                    BFloat16.build.round(target, count: stride, into: pixel)
                }
            }
        }
    }

    /// Returns the two source positions of a target position and the weight of the second.
    static func position(_ index: Int, from source: Int, to target: Int) -> (Int, Int, Float) {
        let position = max(0, (Double(index) + 0.5) * Double(source) / Double(target) - 0.5)
        let first = min(Int(position), source - 1)
        return (first, min(first + 1, source - 1), Float(position - Double(first)))
    }
}
