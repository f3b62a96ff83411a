import Products
import Tensors

/// The products of a training pass between feature maps (channels last) and panels.
enum PanelProducts {
    /// Computes `panels = x W + bias` row by row, so that the panels may have a border.
    ///
    /// - Parameters:
    ///   - pixels: x, pixels `stride` floats apart, of which `depth` floats are used; words if it is rounded.
    ///   - weights: weight (k, j) of panel p is at `k · stepStride + p · panelStride + j`.
    ///   - bias: 16 floats, `biasPanelStride` floats from panel to panel.
    ///   - arePaired: in mixed precision, whether the weights have been paired by `MixedProduct.pair`.
    ///   - isRounded: in mixed precision, whether x is bfloat16 already.
    static func intoPanels(
        _ pixels: UnsafePointer<Float>, stride: Int, depth: Int, weights: UnsafePointer<Float>,
        panelStride: Int, stepStride: Int = FeatureMap.lane, bias: UnsafePointer<Float>,
        biasPanelStride: Int = FeatureMap.lane,
        target: PixelPanels, panels: Range<Int>, in precision: TrainingPrecision, arePaired: Bool = false,
        isRounded: Bool = false
    ) {
        let operands = ProductOperands(
            rows: target.width, depth: depth, panelCount: panels.count, a: pixels, rowStride: stride,
            weights: weights, weightPanelStride: panelStride, weightStepStride: stepStride,
            out: target.row(panels.lowerBound, 0), outStride: FeatureMap.lane,
            outPanelStride: target.panelStride, addend: bias, addendStride: 0,
            addendPanelStride: biasPanelStride)
        switch precision {
        case .float32:
            for y in 0..<target.height {
                var row = operands
                row.a += y * target.width * stride
                row.out = target.row(panels.lowerBound, y)
                Product.multiply(row)
            }
        case .mixed:
            MixedProduct.multiply(
                operands, into: target, panels: panels, arePaired: arePaired, isRounded: isRounded)
        }
    }

    /// Computes `target = Σ_panels panel W + addend` for some pixels.
    ///
    /// - Parameters:
    ///   - source: has no border.
    ///   - weights: packed with depth 16 · `panelCount`.
    ///   - target: pixels `stride` floats apart, of which whole panels are written. May be the addend.
    static func fromPanels(
        _ source: PixelPanels, panelCount: Int, pixels: Range<Int>, weights: UnsafePointer<Float>,
        addend: UnsafePointer<Float>, addendStride: Int, addendPanelStride: Int = FeatureMap.lane,
        target: UnsafeMutablePointer<Float>, stride: Int, in precision: TrainingPrecision,
        arePaired: Bool = false
    ) {
        Product.multiply(
            ProductOperands(
                rows: pixels.count, depth: FeatureMap.lane, segmentCount: panelCount,
                segmentStride: source.panelStride,
                panelCount: stride / FeatureMap.lane,
                a: UnsafePointer(source.base) + pixels.lowerBound * FeatureMap.lane,
                rowStride: FeatureMap.lane,
                weights: weights, weightPanelStride: panelCount * 256,
                out: target, outStride: stride, outPanelStride: FeatureMap.lane,
                addend: addend, addendStride: addendStride, addendPanelStride: addendPanelStride),
            in: precision, arePaired: arePaired)
    }

    /// Adds `Σ_pixels x[pixel][r] · panel[pixel][j]` to (r, j) of each panel, which gives a weight's
    /// gradient.
    ///
    /// - Parameters:
    ///   - values: x, pixels `stride` floats apart, of which `rows` floats are used.
    ///   - source: has no border.
    static func addSums(
        _ values: UnsafePointer<Float>, stride: Int, rows: Int, _ source: PixelPanels, panels: Range<Int>,
        out: UnsafeMutablePointer<Float>, outStride: Int, outPanelStride: Int,
        in precision: TrainingPrecision
    ) {
        PixelChunks.forEach(source.pixelCount) { chunk in
            Product.multiply(
                ProductOperands(
                    rows: rows, depth: chunk.count, panelCount: panels.count,
                    a: values + chunk.lowerBound * stride, rowStride: 1, stepStride: stride,
                    weights: UnsafePointer(source.base) + panels.lowerBound * source.panelStride
                        + chunk.lowerBound * FeatureMap.lane,
                    weightPanelStride: source.panelStride,
                    out: out, outStride: outStride, outPanelStride: outPanelStride,
                    addend: UnsafePointer(out), addendStride: outStride, addendPanelStride: outPanelStride),
                in: precision)
        }
    }

    /// Adds `Σ_panels panel W` to one row of pixels.
    ///
    /// - Parameters:
    ///   - source: has no border.
    ///   - weights: weight (k, j) is at `k · stepStride + j`; the depth is 16 times the number of panels.
    ///   - target: `source.width` pixels of 16 floats.
    static func addRow(
        _ source: PixelPanels, panels: Range<Int>, y: Int, weights: UnsafePointer<Float>, stepStride: Int,
        target: UnsafeMutablePointer<Float>, in precision: TrainingPrecision
    ) {
        Product.multiply(
            ProductOperands(
                rows: source.width, depth: FeatureMap.lane, segmentCount: panels.count,
                segmentStride: source.panelStride,
                panelCount: 1, a: UnsafePointer(source.row(panels.lowerBound, y)), rowStride: FeatureMap.lane,
                weights: weights, weightPanelStride: FeatureMap.lane, weightStepStride: stepStride,
                out: target, outStride: FeatureMap.lane, outPanelStride: FeatureMap.lane,
                addend: UnsafePointer(target), addendStride: FeatureMap.lane,
                addendPanelStride: FeatureMap.lane), in: precision)
    }

    /// Multiplies `count` pixels of 16 floats by a row of 16.
    @inline(never)
    static func scale(
        _ source: UnsafePointer<Float>, count: Int, by row: UnsafePointer<Float>,
        into target: UnsafeMutablePointer<Float>
    ) {
        let (low, high) = (load8(row), load8(row + 8))
        for index in 0..<count {
            store8(load8(source + index * 16) * low, target + index * 16)
            store8(load8(source + index * 16 + 8) * high, target + index * 16 + 8)
        }
    }
}
