import Products
import Tensors

extension Int8Operands {
    /// Whether a build multiplies integers exactly. Few machines have the instructions of the wide builds, so their first use
    /// begins with a proof.
    package static func multipliesExactly(_ build: any QuantizedKernels.Type) -> Bool {
        let (rows, channels, panels) = (45, 160, 3)
        func value(_ index: Int) -> Float { Float(index * 37 % 255 - 127) }
        guard let pixels = try? AlignedBuffer(count: rows * channels),
            let operands = try? AlignedBuffer(count: rows * channels),
            let scales = try? AlignedBuffer(count: rows),
            let weights = try? AlignedBuffer(count: panels * channels * FeatureMap.lane),
            let columns = try? AlignedBuffer(count: panels * ProductScales.panelStride),
            let out = try? AlignedBuffer(count: rows * panels * FeatureMap.lane)
        else { return false }
        for index in 0..<pixels.count {
            // The largest value of each row makes its scale one.
            pixels.base[index] = index % channels == 5 ? -127 : value(index)
        }
        for index in 0..<weights.count {
            weights.base[index] = index / FeatureMap.lane % channels == 7 ? 127 : value(index + 11)
        }
        let expected = (0..<out.count).map { index -> Float in
            let (row, column) = (index / (panels * FeatureMap.lane), index % (panels * FeatureMap.lane))
            let panel = weights.base + column / FeatureMap.lane * channels * FeatureMap.lane
            return (0..<channels).reduce(1) {
                $0 + pixels.base[row * channels + $1] * panel[$1 * FeatureMap.lane + column % FeatureMap.lane]
            }
        }
        let bias = (0..<panels * FeatureMap.lane).map { _ in Float(1) }
        build.quantizeColumns(weights.base, depth: channels, panelCount: panels, columns: columns.base)
        build.quantize(
            QuantizedPixels(
                count: rows, panelCount: channels / FeatureMap.lane, sourceStride: channels,
                target: operands.base, targetStride: channels, scales: scales.base),
            source: pixels.base, isNarrow: false)
        let depth = channels / build.integersPerWord
        bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            build.multiply(
                ProductOperands(
                    rows: rows, depth: depth, panelCount: panels, a: UnsafePointer(operands.base),
                    rowStride: channels, weights: UnsafePointer(weights.base),
                    weightPanelStride: depth * FeatureMap.lane, out: out.base,
                    outStride: panels * FeatureMap.lane, outPanelStride: FeatureMap.lane, addend: bias,
                    addendStride: 0, addendPanelStride: FeatureMap.lane,
                    scales: ProductScales(
                        rows: UnsafePointer(scales.base), columns: UnsafePointer(columns.base))))
        }
        return expected.indices.allSatisfy { out.base[$0] == expected[$0] }
    }
}
