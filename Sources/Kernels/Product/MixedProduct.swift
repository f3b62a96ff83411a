import BFloat16Kernels
import CThreads
import Glibc
import Products
import Tensors

extension Product {
    /// The product of floats in a precision of training.
    ///
    /// - Parameter arePaired: in mixed precision, whether the weights have been paired by `MixedProduct.pair`.
    @inline(__always)
    static func multiply(
        _ operands: ProductOperands, in precision: TrainingPrecision, arePaired: Bool = false
    ) {
        switch precision {
        case .float32: multiply(operands)
        case .mixed: MixedProduct.multiply(operands, arePaired: arePaired)
        }
    }
}

/// Products of floats that are rounded to bfloat16 just before they are multiplied, some rows at a time, in memory of the
/// thread. Sums and results are float32. How rows and panels are cut into calls changes no bit.
package enum MixedProduct {
    /// What the thread's memories hold.
    enum Place: Int32 {
        case rows, weights, results, window
    }

    /// The most words of rows at a time: a quarter of a second-level cache of one megabyte.
    private static let blockWords = 1 << 16

    static func memory(_ place: Place, count: Int) -> UnsafeMutablePointer<Float> {
        guard let memory = promptir_thread_memory(place.rawValue, 4 * count) else {
            // A product has no way to fail, and a thread that cannot have a megabyte cannot train.
            fatalError("products: no memory for \(4 * count) bytes")  // reason: see above
        }
        return memory.assumingMemoryBound(to: Float.self)
    }

    /// Rounds a packed panel of weights in place: `depth` rows of 16 floats become half as many rows of words, each with two
    /// rows' values.
    static func pair(_ panel: UnsafeMutablePointer<Float>, depth: Int) {
        BFloat16.build.pairRows(panel, depth: depth, panelCount: 1)
    }

    package static func multiply(_ operands: ProductOperands, arePaired: Bool = false) {
        let depth = operands.segmentCount * operands.depth
        let rows = RoundedRows(operands, depth: depth, blockWords: blockWords)
        assert(
            !arePaired || operands.stepStride == 1,
            "paired weights are for rows whose values follow each other")
        var rounded = arePaired ? operands : withPairedWeights(operands, depth: depth, words: rows.words)
        (rounded.segmentCount, rounded.segmentStride, rounded.depth) = (1, 0, rows.words)
        let a = memory(.rows, count: rows.count * rows.stride)
        for first in stride(from: 0, to: operands.rows, by: rows.count) {
            let range = first..<min(first + rows.count, operands.rows)
            rows.round(operands, range, into: a)
            multiplyRounded(
                rounded.reading(
                    UnsafePointer(a), rows: range, rowStride: rows.isByColumns ? 1 : rows.stride,
                    stepStride: rows.isByColumns ? rows.stride : 1))
        }
    }

    /// The product of operands that are bfloat16 already, all strides and the depth in words.
    static func multiplyRounded(_ operands: ProductOperands) {
        if BFloat16.usesMatrixUnit {
            MatrixUnitProduct.multiply(operands)
        } else {
            BFloat16.build.multiply(operands)
        }
    }

    /// Computes rows of pixels, which are bfloat16 already and whose results lie in panels with a border.
    ///
    /// - Parameters:
    ///   - operands: those of the first row of pixels, with the depth in words.
    ///   - onRows: called with rows of pixels that have been computed, while they are in the cache.
    static func multiply(
        _ operands: ProductOperands, into target: PixelPanels, panels: Range<Int>,
        onRows: (Range<Int>) -> Void
    ) {
        // Rows of pixels together, because tiles have 16 rows and small maps are narrower.
        let rowCount = max(1, 128 / target.width)
        var block = operands
        for first in stride(from: 0, to: target.height, by: rowCount) {
            let rows = first..<min(first + rowCount, target.height)
            block.a = operands.a + first * target.width * operands.rowStride
            block.rows = rows.count * target.width
            if BFloat16.usesMatrixUnit && MatrixUnitProduct.fills(target.width, by: block) {
                block.out = target.row(panels.lowerBound, first)
                MatrixUnitProduct.multiply(
                    block, runLength: target.width, runGap: 2 * target.border * FeatureMap.lane)
            } else {
                multiplyAside(block, into: target, panels: panels, rows: rows)
            }
            onRows(rows)
        }
    }

    /// Computes some rows of pixels in memory of the thread, and copies them to their places.
    private static func multiplyAside(
        _ operands: ProductOperands, into target: PixelPanels, panels: Range<Int>, rows: Range<Int>
    ) {
        let count = target.width * FeatureMap.lane
        let panelStride = rows.count * count
        let results = memory(.results, count: panels.count * panelStride)
        var operands = operands
        (operands.out, operands.outPanelStride) = (results, panelStride)
        multiplyRounded(operands)
        for panel in 0..<panels.count {
            for y in rows {
                memcpy(
                    target.row(panels.lowerBound + panel, y),
                    results + panel * panelStride + (y - rows.lowerBound) * count, count * 4)
            }
        }
    }

    /// Returns operands with their weights, `depth` floats deep, rounded in memory of the thread.
    static func withPairedWeights(
        _ operands: ProductOperands, depth: Int, words: Int
    ) -> ProductOperands {
        let panelStride = words * FeatureMap.lane
        let target = memory(.weights, count: operands.panelCount * panelStride)
        for panel in 0..<operands.panelCount {
            BFloat16.build.pairSteps(
                operands.weights + panel * operands.weightPanelStride, depth: depth,
                stride: operands.weightStepStride, wordCount: words, into: target + panel * panelStride,
                targetStride: FeatureMap.lane)
        }
        var result = operands
        result.weights = UnsafePointer(target)
        (result.weightPanelStride, result.weightStepStride) = (panelStride, FeatureMap.lane)
        return result
    }
}

extension ProductOperands {
    /// Some rows of these operands, whose `a` is read from `memory`.
    fileprivate func reading(
        _ memory: UnsafePointer<Float>, rows range: Range<Int>, rowStride: Int, stepStride: Int
    ) -> ProductOperands {
        ProductOperands(
            rows: range.count, depth: depth, panelCount: panelCount, a: memory, rowStride: rowStride,
            stepStride: stepStride, weights: weights, weightPanelStride: weightPanelStride,
            weightStepStride: weightStepStride, out: out + range.lowerBound * outStride,
            outStride: outStride, outPanelStride: outPanelStride,
            addend: addend + range.lowerBound * addendStride, addendStride: addendStride,
            addendPanelStride: addendPanelStride)
    }
}
