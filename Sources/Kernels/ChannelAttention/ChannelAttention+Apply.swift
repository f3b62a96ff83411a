import Products
import Tensors

extension ChannelAttention {
    /// Computes `x += v M (+ bias)` for the pixels in `range`, in place.
    ///
    /// - Parameters:
    ///   - matrix: the result of `mix`.
    ///   - values: v, as `gather` stored it.
    package func apply(
        _ matrix: FloatRun, values: FeatureMap, to features: FeatureMap, pixels range: Range<Int>
    ) {
        let depth = precision.wordCount(channels)
        let target = features.base + range.lowerBound * features.stride
        Product.multiply(
            ProductOperands(
                rows: range.count, depth: depth,
                panelCount: FeatureMap.paddedChannels(channels) / FeatureMap.lane,
                a: UnsafePointer(values.base + range.lowerBound * values.stride), rowStride: values.stride,
                weights: UnsafePointer(matrix.base), weightPanelStride: depth * FeatureMap.lane,
                out: target, outStride: features.stride, outPanelStride: features.panelStride,
                addend: UnsafePointer(target), addendStride: features.stride,
                addendPanelStride: features.panelStride, targetForm: features.addedTargetForm),
            in: precision)
        if let outputBias {
            Pixels.add(outputBias, to: features, at: target, count: range.count)
        }
    }
}
