import Products
import ReferenceKernels
import Tensors

/// One product with gaps between all of its parts, and what its twin makes of it.
struct ProductProblem {
    enum Layout: CaseIterable {
        /// Pixels with their panels side by side; one row of addends for all.
        case bias
        /// Every panel in a region of its own, as bands keep them; addends of another layout.
        case panels
        /// The addend is the output itself.
        case inPlace
        /// `a` is a panel of 16 columns, read by columns.
        case transposed
    }

    let rows: Int
    let depth: Int
    let panels: Int
    let operands: ProductOperands
    let expected: [Double]
    let tolerances: [Double]
    private let a: GuardedMemory
    private let weights: GuardedMemory
    private let addend: GuardedMemory
    private let out: GuardedMemory

    init(
        rows: Int, depth: Int, panels: Int, layout: Layout, precision: Precision = .float32,
        targetForm: TargetForm = .floats
    ) throws {
        self.rows = rows
        self.depth = depth
        self.panels = panels
        let words = precision.wordCount(depth)
        let (lane, columns) = (FeatureMap.lane, panels * FeatureMap.lane)
        // More than 16 rows of a transposed panel do not exist: they are then columns of the next ones.
        let (rowStride, stepStride) = layout == .transposed ? (1, max(lane, rows)) : (words + 3, 1)
        let weightStride = words * lane + 5
        let outPrecision = targetForm == .floats ? Precision.float32 : .bfloat16
        let addendPrecision = targetForm == .roundedBoth ? Precision.bfloat16 : .float32
        let (outLane, addendLane) = (outPrecision.wordCount(lane), addendPrecision.wordCount(lane))
        let outStride = layout == .panels ? outLane + 2 : panels * outLane + 7
        let outPanelStride = layout == .panels ? rows * (outLane + 2) + 9 : outLane
        let (addendStride, addendPanelStride) =
            switch layout {
            case .bias: (0, addendLane)
            case .panels, .transposed: (panels * addendLane + 1, addendLane)
            case .inPlace: (outStride, outPanelStride)
            }

        let values = Values.uniform("a", rows * depth)
        let matrix = Values.uniform("w", depth * columns)
        let added = BFloat16Bits.stored(
            Values.uniform("addend", rows * columns), in: addendPrecision)
        a = try GuardedMemory(count: rows * rowStride + words * stepStride)
        weights = try GuardedMemory(count: panels * weightStride)
        out = try GuardedMemory(count: rows * outStride + panels * outPanelStride)
        addend =
            layout == .inPlace
            ? out : try GuardedMemory(count: (rows + 1) * max(addendStride, 1) + panels * addendPanelStride)
        for row in 0..<rows {
            for step in 0..<words {
                a.base[row * rowStride + step * stepStride] = Self.word(precision, step, of: depth) {
                    values[row * depth + $0]
                }
            }
            for word in 0..<panels * addendLane {
                let place = row * addendStride + word / addendLane * addendPanelStride + word % addendLane
                let first = addendStride == 0 ? 0 : row * columns
                addend.base[place] = Self.word(addendPrecision, word, of: columns) { added[first + $0] }
            }
        }
        for step in 0..<words {
            for column in 0..<columns {
                weights.base[column / lane * weightStride + step * lane + column % lane] =
                    Self.word(precision, step, of: depth) { matrix[$0 * columns + column] }
            }
        }
        operands = ProductOperands(
            rows: rows, depth: words, panelCount: panels, a: a.constant, rowStride: rowStride,
            stepStride: stepStride, weights: weights.constant, weightPanelStride: weightStride, out: out.base,
            outStride: outStride, outPanelStride: outPanelStride, addend: addend.constant,
            addendStride: addendStride, addendPanelStride: addendPanelStride, targetForm: targetForm)

        func twin(_ a: [Double], _ b: [Double], _ c: [Double]) -> [Double] {
            let product = Reference.product(a, b, rows: rows, depth: depth, columns: columns)
            return product.indices.map { product[$0] + c[addendStride == 0 ? $0 % columns : $0] }
        }
        expected = twin(
            BFloat16Bits.stored(values, in: precision).doubles,
            BFloat16Bits.stored(matrix, in: precision).doubles, added.doubles)
        let sums = Rounding.sum(
            terms: depth,
            magnitudes: twin(values.doubles.map(abs), matrix.doubles.map(abs), added.doubles.map(abs)))
        tolerances = zip(sums, BFloat16Bits.tolerances(expected, in: outPrecision)).map(+)
    }

    /// The values of one step of a product along its depth; those beyond are zero.
    private static func word(
        _ precision: Precision, _ step: Int, of depth: Int, value: (Int) -> Float
    ) -> Float {
        switch precision {
        case .float32: return value(step)
        case .bfloat16:
            let second = 2 * step + 1
            return BFloat16Bits.word(value(2 * step), second < depth ? value(second) : 0)
        }
    }

    /// Only some of the rows.
    func operands(rows range: Range<Int>) -> ProductOperands {
        var part = operands
        part.rows = range.count
        part.a += range.lowerBound * part.rowStride
        part.out += range.lowerBound * part.outStride
        part.addend += range.lowerBound * part.addendStride
        return part
    }

    /// Only some of the panels.
    func operands(panels range: Range<Int>) -> ProductOperands {
        var part = operands
        part.panelCount = range.count
        part.weights += range.lowerBound * part.weightPanelStride
        part.out += range.lowerBound * part.outPanelStride
        part.addend += range.lowerBound * part.addendPanelStride
        return part
    }

    /// (rows, columns), row-major.
    var results: [Float] {
        places.flatMap { place -> [Float] in
            let word = out.base[place]
            return operands.targetForm == .floats
                ? [word] : [BFloat16Bits.low(word), BFloat16Bits.high(word)]
        }
    }

    var outputCount: Int { out.count }

    func outputIsUntouched(_ index: Int) -> Bool { out.isUntouched(index) }

    /// Nothing but the results was written.
    var guardsAreIntact: Bool {
        let written = Set(places)
        return [a, weights, addend, out].allSatisfy(\.guardsAreIntact)
            && (0..<out.count).allSatisfy { written.contains($0) || out.isUntouched($0) }
    }

    private var places: [Int] {
        let lane = FeatureMap.lane / (operands.targetForm == .floats ? 1 : 2)
        return (0..<rows).flatMap { row in
            (0..<panels * lane).map {
                row * operands.outStride + $0 / lane * operands.outPanelStride + $0 % lane
            }
        }
    }
}
