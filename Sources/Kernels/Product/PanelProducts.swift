import Products
import Tensors

/// The products of a training pass between feature maps (channels last) and panels.
enum PanelProducts {
    /// Computes `panels = x W + bias` row by row, so that the panels may have a border.
    ///
    /// - Parameters:
    ///   - pixels: x, pixels of `stride` channels, of which `depth` are used.
    ///   - weights: weight (k, j) of panel p is at `k · stepStride + p · panelStride + j`.
    ///   - arePaired: in mixed precision, whether the weights have been paired by `MixedProduct.pair`.
    ///   - bias: 16 floats, `biasPanelStride` floats from panel to panel.
    ///   - onRows: called with rows of pixels that have been computed, in their order.
    static func intoPanels(
        _ pixels: ProductPixels, stride: Int, depth: Int, weights: UnsafePointer<Float>,
        panelStride: Int, stepStride: Int = FeatureMap.lane, arePaired: Bool, bias: UnsafePointer<Float>,
        biasPanelStride: Int = FeatureMap.lane, target: PixelPanels, panels: Range<Int>,
        onRows: (Range<Int>) -> Void = { _ in }
    ) {
        func operands(_ pixels: FloatRun, stride: Int, depth: Int) -> ProductOperands {
            ProductOperands(
                rows: target.width, depth: depth, panelCount: panels.count, a: UnsafePointer(pixels.base),
                rowStride: stride,
                weights: weights, weightPanelStride: panelStride, weightStepStride: stepStride,
                out: target.row(panels.lowerBound, 0), outStride: FeatureMap.lane,
                outPanelStride: target.panelStride, addend: bias, addendStride: 0,
                addendPanelStride: biasPanelStride)
        }
        switch pixels {
        case .float32(let pixels):
            var row = operands(pixels, stride: stride, depth: depth)
            for y in 0..<target.height {
                row.a = UnsafePointer(pixels.base) + y * target.width * stride
                row.out = target.row(panels.lowerBound, y)
                Product.multiply(row)
                onRows(y..<y + 1)
            }
        case .mixed(let pixels):
            let words = Precision.bfloat16.wordCount(depth)
            var operands = operands(pixels, stride: Precision.bfloat16.wordCount(stride), depth: words)
            if !arePaired {
                operands = MixedProduct.withPairedWeights(operands, depth: depth, words: words)
            }
            MixedProduct.multiply(operands, into: target, panels: panels, onRows: onRows)
        }
    }

    /// Computes `target = Σ_panels panel W + addend` for some pixels.
    ///
    /// - Parameters:
    ///   - weights: packed with depth 16 · `panelCount`; in mixed precision paired by `MixedProduct.pair`.
    ///   - addend: 16 floats for each panel of the target.
    ///   - target: pixels `stride` floats apart, of which whole panels are written. May be the addend.
    static func fromPanels(
        _ source: ProductPanels, panelCount: Int, pixels: Range<Int>, weights: UnsafePointer<Float>,
        addend: UnsafePointer<Float>, addendStride: Int, addendPanelStride: Int = FeatureMap.lane,
        target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        var operands = ProductOperands(
            rows: pixels.count, depth: FeatureMap.lane, segmentCount: panelCount, segmentStride: 0,
            panelCount: stride / FeatureMap.lane, a: UnsafePointer(target), rowStride: FeatureMap.lane,
            weights: weights, weightPanelStride: panelCount * 256,
            out: target, outStride: stride, outPanelStride: FeatureMap.lane,
            addend: addend, addendStride: addendStride, addendPanelStride: addendPanelStride)
        switch source {
        case .float32(let source):
            // A view without a border: its pixels follow each other.
            operands.a = UnsafePointer(source.base) + pixels.lowerBound * FeatureMap.lane
            operands.segmentStride = source.panelStride
            Product.multiply(operands)
        case .mixed(let source):
            let pairCount = panelCount / 2
            if pairCount > 0 {
                operands.a = UnsafePointer(source.pixel(0, pixels.lowerBound))
                (operands.segmentCount, operands.segmentStride) = (pairCount, source.groupStride)
                MixedProduct.multiplyRounded(operands)
                operands.addend = UnsafePointer(target)
                (operands.addendStride, operands.addendPanelStride) = (stride, FeatureMap.lane)
            }
            guard panelCount % 2 == 1 else { return }
            operands.a = UnsafePointer(source.pixel(panelCount - 1, pixels.lowerBound))
            operands.weights += pairCount * 256
            (operands.depth, operands.segmentCount) = (FeatureMap.lane / 2, 1)
            MixedProduct.multiplyRounded(operands)
        }
    }

    /// Adds `Σ_pixels x[pixel][r] · panel[pixel][j]` to (r, j) of each panel, which gives a weight's
    /// gradient.
    ///
    /// - Parameters:
    ///   - values: x, pixels `stride` floats apart, of which `rows` floats are used.
    ///   - source: has no border.
    static func addSums(
        _ values: UnsafePointer<Float>, stride: Int, rows: Int, _ source: PixelPanels, panels: Range<Int>,
        out: UnsafeMutablePointer<Float>, outStride: Int, outPanelStride: Int
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
                    addend: UnsafePointer(out), addendStride: outStride, addendPanelStride: outPanelStride))
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
        target: UnsafeMutablePointer<Float>
    ) {
        Product.multiply(
            ProductOperands(
                rows: source.width, depth: FeatureMap.lane, segmentCount: panels.count,
                segmentStride: source.panelStride,
                panelCount: 1, a: UnsafePointer(source.row(panels.lowerBound, y)), rowStride: FeatureMap.lane,
                weights: weights, weightPanelStride: FeatureMap.lane, weightStepStride: stepStride,
                out: target, outStride: FeatureMap.lane, outPanelStride: FeatureMap.lane,
                addend: UnsafePointer(target), addendStride: FeatureMap.lane,
                addendPanelStride: FeatureMap.lane))
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
