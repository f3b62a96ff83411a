import Glibc
import Tensors

/// The prompt of a level before its convolution, for training (see `PromptMixture`).
package struct TrainablePrompt: Sendable {
    package let channels: Int
    let height: Int
    let width: Int
    let length: Int
    let featureChannels: Int
    /// (length, channels, height, width)
    let components: TrainableTensor
    /// The linear map, (length, feature channels), with its bias.
    let linear: TrainableFilter

    /// - Parameter linear: must have a bias.
    package init(
        channels: Int, height: Int, width: Int, length: Int, featureChannels: Int,
        components: TrainableTensor,
        linear: TrainableFilter
    ) {
        self.channels = channels
        self.height = height
        self.width = width
        self.length = length
        self.featureChannels = featureChannels
        self.components = components
        self.linear = linear
    }

    private var stride: Int { FeatureMap.paddedChannels(channels) }
    private var planeCount: Int { height * width }

    /// The number of floats in a picture's means and factors, which are kept for the backward pass.
    package var keptCount: Int { 2 * FeatureMap.paddedChannels(featureChannels) + factorCount }
    private var factorCount: Int { FeatureMap.paddedChannels(length) }
    private func factors(_ kept: FloatRun) -> FloatRun {
        kept.advanced(by: 2 * FeatureMap.paddedChannels(featureChannels))
    }

    /// The number of floats in a picture's mixture, or in its gradient.
    package var mixtureCount: Int { planeCount * stride }

    /// Computes the prompt for one picture, mixed according to `features` and resized to `output`.
    ///
    /// - Parameters:
    ///   - kept: `keptCount` floats, overwritten.
    ///   - mixture: `mixtureCount` floats of scratch memory.
    package func forward(
        _ features: FeatureMap, output: FeatureMap, kept: FloatRun, mixture: FloatRun, team: WorkerTeam
    ) {
        Pixels.means(features, into: kept)
        let factors = factors(kept)
        choose(means: kept, factors: factors)
        team.run(count: height) { y, _ in
            mix(y * width..<(y + 1) * width, by: UnsafePointer(factors.base), into: mixture.base)
        }
        team.run(count: output.height) { y, _ in
            let (top, bottom, down) = PromptMixture.position(y, from: height, to: output.height)
            for x in 0..<output.width {
                let (left, right, across) = PromptMixture.position(x, from: width, to: output.width)
                let target = output.pixel(y, x)
                func source(_ row: Int, _ column: Int) -> UnsafePointer<Float> {
                    UnsafePointer(mixture.base) + (row * width + column) * stride
                }
                let (a, b) = (source(top, left), source(top, right))
                let (c, d) = (source(bottom, left), source(bottom, right))
                for vector in Swift.stride(from: 0, to: stride, by: 8) {
                    let upper = load8(a + vector) * (1 - across) + load8(b + vector) * across
                    let lower = load8(c + vector) * (1 - across) + load8(d + vector) * across
                    store8(upper * (1 - down) + lower * down, target + vector)
                }
            }
        }
    }

    /// Computes some pixels of the components' sum.
    private func mix(
        _ pixels: Range<Int>, by factors: UnsafePointer<Float>, into mixture: UnsafeMutablePointer<Float>
    ) {
        for first in Swift.stride(from: 0, to: stride, by: Vector8.scalarCount) {
            for start in Swift.stride(from: pixels.lowerBound, to: pixels.upperBound, by: Vector8.scalarCount)
            {
                let count = min(Vector8.scalarCount, pixels.upperBound - start)
                var block = Block8()
                for lane in 0..<max(0, min(Vector8.scalarCount, channels - first)) {
                    let plane = UnsafePointer(components.values.base) + (first + lane) * planeCount + start
                    for component in 0..<length {
                        block[lane] +=
                            load8(plane + component * channels * planeCount, count: count)
                            * factors[component]
                    }
                }
                block.transpose()
                for index in 0..<count { store8(block[index], mixture + (start + index) * stride + first) }
            }
        }
    }

    /// Computes softmax(linear(means)) in double precision.
    private func choose(means: FloatRun, factors: FloatRun) {
        var largest = -Double.infinity
        for index in 0..<length { largest = max(largest, score(index, means)) }
        var total = 0.0
        for index in 0..<length { total += exp(score(index, means) - largest) }
        for index in 0..<length {
            factors.base[index] = Float(exp(score(index, means) - largest) / total)
        }
    }

    private func score(_ index: Int, _ means: FloatRun) -> Double {
        var sum = Double(linear.bias?.values.base[index] ?? 0)
        let row = linear.weight.values.base + index * featureChannels
        for channel in 0..<featureChannels { sum += Double(row[channel]) * Double(means.base[channel]) }
        return sum
    }

    // MARK: - Backward

    /// Computes the gradient of one picture's mixture, which is the adjoint of the resizing.
    ///
    /// - Parameter mixture: `mixtureCount` floats, overwritten.
    package func resizeBackward(_ gradient: FeatureMap, mixture: FloatRun) {
        memset(mixture.base, 0, mixtureCount * 4)
        for y in 0..<gradient.height {
            let (top, bottom, down) = PromptMixture.position(y, from: height, to: gradient.height)
            for x in 0..<gradient.width {
                let (left, right, across) = PromptMixture.position(x, from: width, to: gradient.width)
                let source = UnsafePointer(gradient.pixel(y, x))
                func add(_ row: Int, _ column: Int, _ share: Float) {
                    let target = mixture.base + (row * width + column) * stride
                    let shares = Vector8(repeating: share)
                    for vector in Swift.stride(from: 0, to: stride, by: 8) {
                        store8(
                            load8(target + vector).addingProduct(shares, load8(source + vector)),
                            target + vector)
                    }
                }
                add(top, left, (1 - down) * (1 - across))
                add(top, right, (1 - down) * across)
                add(bottom, left, down * (1 - across))
                add(bottom, right, down * across)
            }
        }
    }

    /// The number of floats of scratch memory that `backward` needs: the planes of eight channels for each thread, and
    /// dot products for each channel.
    package func backwardScratchCount(pictureCount: Int, threadCount: Int) -> Int {
        threadCount * planesCount + channels * pictureCount * length
    }

    /// The number of floats of eight channels' planes.
    private var planesCount: Int { Vector8.scalarCount * FeatureMap.paddedChannels(planeCount) }

    /// Computes the gradients of the components and the linear map for all pictures, and those with respect
    /// to the features' means.
    ///
    /// - Parameters:
    ///   - mixtures: each picture's gradient, `mixtureCount` floats apart.
    ///   - kept: the results of the forward pass for each picture, `keptStride` floats apart. The means are
    ///     overwritten by their gradients, divided by `pixelCount`.
    package func backward(
        mixtures: FloatRun, kept: FloatRun, keptStride: Int, pictureCount: Int, pixelCount: Int,
        scratch: FloatRun, team: WorkerTeam
    ) {
        let dots = scratch.advanced(by: team.threadCount * planesCount)
        let taskCount = (channels + Vector8.scalarCount - 1) / Vector8.scalarCount
        team.run(count: taskCount) { task, worker in
            let planes = scratch.base + worker * planesCount
            let first = task * Vector8.scalarCount
            for picture in 0..<pictureCount {
                split(mixtures.base + picture * mixtureCount + first, into: planes)
                let factors = factors(kept.advanced(by: picture * keptStride)).base
                for channel in first..<min(first + Vector8.scalarCount, channels) {
                    let plane = planes + (channel - first) * FeatureMap.paddedChannels(planeCount)
                    let dots = dots.base + (channel * pictureCount + picture) * length
                    for component in 0..<length {
                        let start = (component * channels + channel) * planeCount
                        dots[component] = Self.addScaled(
                            plane, by: factors[component], to: components.gradients.base + start,
                            dottedWith: components.values.base + start, count: planeCount)
                    }
                }
            }
        }
        for picture in 0..<pictureCount {
            linearBackward(
                dots.advanced(by: picture * length), channelStride: pictureCount * length,
                kept: kept.advanced(by: picture * keptStride), pixelCount: pixelCount)
        }
    }

    /// Copies eight channels of a mixture into planes.
    private func split(_ source: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>) {
        for start in Swift.stride(from: 0, to: planeCount, by: Vector8.scalarCount) {
            var block = Block8()
            for index in 0..<min(Vector8.scalarCount, planeCount - start) {
                block[index] = load8(source + (start + index) * stride)
            }
            block.transpose()
            for lane in 0..<Vector8.scalarCount {
                store8(block[lane], planes + lane * FeatureMap.paddedChannels(planeCount) + start)
            }
        }
    }

    /// Computes `target += factor · source`, and returns source · other.
    @inline(never)
    private static func addScaled(
        _ source: UnsafePointer<Float>, by factor: Float, to target: UnsafeMutablePointer<Float>,
        dottedWith other: UnsafePointer<Float>, count: Int
    ) -> Float {
        let factors = Vector8(repeating: factor)
        var sum = Vector8.zero
        var index = 0
        while index + 8 <= count {
            let value = load8(source + index)
            store8(load8(target + index).addingProduct(factors, value), target + index)
            sum.addProduct(value, load8(other + index))
            index += 8
        }
        var total = sum.sum()
        while index < count {
            target[index] += factor * source[index]
            total += source[index] * other[index]
            index += 1
        }
        return total
    }

    private func linearBackward(_ dots: FloatRun, channelStride: Int, kept: FloatRun, pixelCount: Int) {
        let factors = factors(kept).base
        let (means, slopes) = (kept.base, kept.base + FeatureMap.paddedChannels(featureChannels))
        func gradient(_ component: Int) -> Double {
            var sum = 0.0
            for channel in 0..<channels { sum += Double(dots.base[channel * channelStride + component]) }
            return sum
        }
        var mean = 0.0
        for component in 0..<length { mean += Double(factors[component]) * gradient(component) }
        memset(slopes, 0, FeatureMap.paddedChannels(featureChannels) * 4)
        for component in 0..<length {
            let slope = Float(Double(factors[component]) * (gradient(component) - mean))
            let row = component * featureChannels
            for channel in 0..<featureChannels {
                linear.weight.gradients.base[row + channel] += slope * means[channel]
                slopes[channel] += slope * linear.weight.values.base[row + channel] / Float(pixelCount)
            }
            linear.bias?.gradients.base[component] += slope
        }
        memcpy(means, slopes, FeatureMap.paddedChannels(featureChannels) * 4)
    }

    /// Adds the means' gradient to every pixel of the features' gradient.
    package func spreadMeans(_ kept: FloatRun, over gradient: FeatureMap) {
        for index in 0..<gradient.pixelCount {
            let pixel = gradient.base + index * gradient.stride
            for vector in Swift.stride(from: 0, to: gradient.stride, by: 8) {
                store8(load8(pixel + vector) + load8(kept.base + vector), pixel + vector)
            }
        }
    }
}
