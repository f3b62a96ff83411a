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
    private(set) var expected: [Double] = []
    private(set) var tolerances: [Double] = []
    private let a: GuardedMemory
    private let weights: GuardedMemory
    private let addend: GuardedMemory
    private let out: GuardedMemory
    private let scales: ProblemScales

    /// - Parameter roundsFloats: whether operands are floats that the product rounds to bfloat16.
    init(
        rows: Int, depth: Int, panels: Int, layout: Layout, precision: Precision = .float32,
        targetForm: TargetForm = .floats, int8 build: Int8Build = .narrow, roundsFloats: Bool = false
    ) throws {
        (self.rows, self.depth, self.panels) = (rows, depth, panels)
        let perWord = precision == .int8 ? build.kernels.integersPerWord : precision.valuesPerWord
        let words = (depth + perWord - 1) / perWord
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

        let values = Self.factors("a", rows * depth, precision)
        let matrix = Self.factors("w", depth * columns, precision)
        scales = try ProblemScales(rows: rows, columns: columns, precision: precision) { column in
            build.offset((0..<depth).map { matrix[$0 * columns + column] })
        }
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
                a.base[row * rowStride + step * stepStride] = Self.word(
                    precision, step, of: depth, build, isPixel: true
                ) { values[row * depth + $0] }
            }
            for word in 0..<panels * addendLane {
                let place = row * addendStride + word / addendLane * addendPanelStride + word % addendLane
                let first = addendStride == 0 ? 0 : row * columns
                addend.base[place] = Self.word(addendPrecision, word, of: columns, build) {
                    added[first + $0]
                }
            }
        }
        operands = ProductOperands(
            rows: rows, depth: words, panelCount: panels, a: a.constant, rowStride: rowStride,
            stepStride: stepStride, weights: weights.constant, weightPanelStride: weightStride, out: out.base,
            outStride: outStride, outPanelStride: outPanelStride, addend: addend.constant,
            addendStride: addendStride, addendPanelStride: addendPanelStride, targetForm: targetForm,
            scales: scales.operands)

        fillWeights(matrix, precision, build)
        let (isExact, multiplied) = (precision == .int8, roundsFloats ? .bfloat16 : precision)
        let expected = twin(
            isExact ? values.doubles : BFloat16Bits.stored(values, in: multiplied).doubles,
            isExact ? matrix.doubles : BFloat16Bits.stored(matrix, in: multiplied).doubles, added.doubles
        ) { $0 }
        // Sums of integers are exact. What remains is two products and the addition.
        let sums = Rounding.sum(
            terms: isExact ? 2 : depth,
            magnitudes: twin(values.doubles.map(abs), matrix.doubles.map(abs), added.doubles.map(abs), abs))
        self.expected = expected
        tolerances = zip(sums, BFloat16Bits.tolerances(expected, in: outPrecision)).map(+)
    }

    private func fillWeights(_ matrix: [Float], _ precision: Precision, _ build: Int8Build) {
        let (lane, columns) = (FeatureMap.lane, panels * FeatureMap.lane)
        for step in 0..<operands.depth {
            for column in 0..<columns {
                let panel = weights.base + column / lane * operands.weightPanelStride
                panel[step * lane + column % lane] =
                    Self.word(precision, step, of: depth, build) { matrix[$0 * columns + column] }
            }
        }
    }

    private func twin(
        _ a: [Double], _ b: [Double], _ c: [Double], _ scale: (Double) -> Double
    ) -> [Double] {
        let columns = panels * FeatureMap.lane
        let product = Reference.product(a, b, rows: rows, depth: depth, columns: columns)
        return product.indices.map {
            product[$0] * scale(scales[$0 / columns, $0 % columns])
                + c[operands.addendStride == 0 ? $0 % columns : $0]
        }
    }

    /// Values to multiply: in int8 integers, the largest ones among them.
    private static func factors(_ name: String, _ count: Int, _ precision: Precision) -> [Float] {
        let values = Values.uniform(name, count)
        return precision == .int8 ? values.map { ($0 * 140).rounded().clamped(to: -127...127) } : values
    }

    /// The values of one step of a product along its depth; those beyond are zero.
    private static func word(
        _ precision: Precision, _ step: Int, of depth: Int, _ build: Int8Build, isPixel: Bool = false,
        value: (Int) -> Float
    ) -> Float {
        switch precision {
        case .float32: return value(step)
        case .bfloat16, .bfloat16AMX:
            let second = 2 * step + 1
            return BFloat16Bits.word(value(2 * step), second < depth ? value(second) : 0)
        case .int8:
            let perWord = build.kernels.integersPerWord
            return build.word(
                (perWord * step..<perWord * (step + 1)).map { $0 < depth ? value($0) : 0 }, isPixel: isPixel)
        }
    }

    /// Only some of the rows.
    func operands(rows range: Range<Int>) -> ProductOperands {
        var part = operands
        part.rows = range.count
        part.a += range.lowerBound * part.rowStride
        part.scales.rows += range.lowerBound
        part.out += range.lowerBound * part.outStride
        part.addend += range.lowerBound * part.addendStride
        return part
    }

    /// Only some of the panels.
    func operands(panels range: Range<Int>) -> ProductOperands {
        var part = operands
        part.panelCount = range.count
        part.weights += range.lowerBound * part.weightPanelStride
        part.scales.columns += range.lowerBound * ProductScales.panelStride
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
        return [a, weights, addend, out, scales.rows, scales.columns].allSatisfy(\.guardsAreIntact)
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
