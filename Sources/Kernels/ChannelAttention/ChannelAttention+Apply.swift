import Products
import Tensors

extension ChannelAttention {
    /// Computes `x += v M (+ bias)` for the pixels in `range`, in place.
    ///
    /// - Parameters:
    ///   - matrix: the result of `mix`.
    ///   - values: v, as `gather` stored it.
    ///   - scratch: `applyScratchCount` floats.
    package func apply(
        _ matrix: FloatRun, values: FeatureMap, to features: FeatureMap, pixels range: Range<Int>,
        scratch: FloatRun
    ) {
        if precision == .int8 {
            let run = QuantizedRun(scratch.base)
            run.forEach(values, range) { part in
                multiply(
                    matrix, run.words, stride: precision.operandStride(channels), to: features, pixels: part,
                    scales: run.scales)
            }
        } else {
            multiply(
                matrix, values.base + range.lowerBound * values.stride, stride: values.stride, to: features,
                pixels: range)
        }
        if let outputBias {
            Pixels.add(
                outputBias, to: features, at: features.base + range.lowerBound * features.stride,
                count: range.count)
        }
    }

    /// The number of floats of scratch memory that an `apply` task needs.
    package var applyScratchCount: Int {
        precision == .int8 ? QuantizedRun.scratchCount(channels: channels) : 0
    }

    /// - Parameters:
    ///   - values: the first pixel of the range.
    ///   - scales: of the pixels, in int8.
    private func multiply(
        _ matrix: FloatRun, _ values: UnsafePointer<Float>, stride: Int, to features: FeatureMap,
        pixels range: Range<Int>, scales: UnsafePointer<Float>? = nil
    ) {
        let depth = precision.operandWordCount(channels)
        let target = features.base + range.lowerBound * features.stride
        Product.multiply(
            ProductOperands(
                rows: range.count, depth: depth,
                panelCount: FeatureMap.paddedChannels(channels) / FeatureMap.lane,
                a: values, rowStride: stride,
                weights: UnsafePointer(matrix.base), weightPanelStride: depth * FeatureMap.lane,
                out: target, outStride: features.stride, outPanelStride: features.panelStride,
                addend: UnsafePointer(target), addendStride: features.stride,
                addendPanelStride: features.panelStride, targetForm: features.addedTargetForm,
                scales: scales.map {
                    ProductScales(rows: $0, columns: UnsafePointer(matrix.base + weightCount))
                }),
            in: precision)
    }
}
