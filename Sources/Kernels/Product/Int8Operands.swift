import EmulatedInt8Kernels
import Int8Kernels
import Products
import Tensors
import WideInt8Kernels

/// The kernels of `Precision.int8` for the current processor, and the layout of their operands.
package enum Int8Operands {
    static let build: any QuantizedKernels.Type = {
        if Processor.emulatesInt8 { return EmulatedInt8Kernels.QuantizedBuild.self }
        var builds: [any QuantizedKernels.Type] = []
        if Processor.hasMatrixUnit { builds.append(MatrixUnitBuild.self) }
        if Processor.hasWideInt8 { builds.append(WideInt8Kernels.QuantizedBuild.self) }
        return builds.first(where: multipliesExactly) ?? Int8Kernels.QuantizedBuild.self
    }()

    /// Pixels of a map as operands.
    static func quantize(
        _ source: UnsafePointer<Float>, of map: FeatureMap, count: Int,
        into target: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>
    ) {
        build.quantize(
            QuantizedPixels(
                count: count, panelCount: FeatureMap.paddedChannels(map.channels) / FeatureMap.lane,
                sourceStride: map.stride, target: target,
                targetStride: Precision.int8.operandStride(map.channels), scales: scales),
            source: source, isNarrow: true)
    }
}

extension Precision {
    /// Words of 32 bits that hold `count` neighbours along a product's depth.
    func operandWordCount(_ count: Int) -> Int {
        guard self == .int8 else { return wordCount(count) }
        return (count + Int8Operands.build.integersPerWord - 1) / Int8Operands.build.integersPerWord
    }

    /// Words of 32 bits from pixel to pixel of a product's operands, which are whole panels.
    func operandStride(_ channels: Int) -> Int { operandWordCount(FeatureMap.paddedChannels(channels)) }
}

/// Pixels of a map that are made operands of a product in int8, some at a time, in scratch memory.
struct QuantizedRun {
    /// The most pixels at a time: enough to make streaming the weights worthwhile.
    static let largestCount = 192

    /// The floats of scratch memory.
    static func scratchCount(channels: Int) -> Int {
        largestCount * (Precision.int8.operandStride(channels) + 1)
    }

    let words: UnsafeMutablePointer<Float>
    let scales: UnsafeMutablePointer<Float>

    init(_ scratch: UnsafeMutablePointer<Float>) {
        scales = scratch
        words = scratch + Self.largestCount
    }

    /// Calls `body` with ranges of at most `largestCount` pixels, whose operands are in `words` then.
    func forEach(_ map: FeatureMap, _ pixels: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = pixels.lowerBound
        while start < pixels.upperBound {
            let count = min(Self.largestCount, pixels.upperBound - start)
            Int8Operands.quantize(
                map.base + start * map.stride, of: map, count: count, into: words, scales: scales)
            body(start..<start + count)
            start += count
        }
    }
}
