import Int8Kernels
import Kernels
import Products
import Testing

@Suite(.figures) struct Int8ProductTests {
    @Test(arguments: Int8Build.runnable, Array(0...25) + [32, 33, 47, 70]) func agreesWithItsTwin(
        build: Int8Build, rows: Int
    ) throws {
        for panels in [1, 2, 3, 4, 5, 7] {
            for depth in ProductTests.depths {
                for layout in [ProductProblem.Layout.bias, .panels, .inPlace] {
                    try compare(build, rows: rows, depth: depth, panels: panels, layout, .floats)
                }
                for layout in [ProductProblem.Layout.bias, .panels] {
                    try compare(build, rows: rows, depth: depth, panels: panels, layout, .rounded)
                }
                for layout in [ProductProblem.Layout.inPlace, .panels] {
                    try compare(build, rows: rows, depth: depth, panels: panels, layout, .roundedBoth)
                }
            }
        }
    }

    private func compare(
        _ build: Int8Build, rows: Int, depth: Int, panels: Int, _ layout: ProductProblem.Layout,
        _ form: TargetForm
    ) throws {
        let problem = try ProductProblem(
            rows: rows, depth: depth, panels: panels, layout: layout, precision: .int8, targetForm: form,
            int8: build)
        build.kernels.multiply(problem.operands)
        expectClose(
            problem.results, problem.expected, within: problem.tolerances,
            "product in int8, \(build.rawValue), \(form)")
        #expect(problem.guardsAreIntact, "\(rows)×\(depth), \(panels) panels, \(layout), \(form)")
    }

    /// However rows and panels are cut into calls.
    @Test(arguments: Int8Build.runnable, 2...25)
    func cutsDoNotChangeBits(build: Int8Build, rows: Int) throws {
        func problem(_ panels: Int) throws -> ProductProblem {
            try ProductProblem(
                rows: rows, depth: 33, panels: panels, layout: .bias, precision: .int8, int8: build)
        }
        try ProductProblem.expectCutsDoNotMatter(problem) { build.kernels.multiply($0) }
    }

    /// All builds, because sums of integers are exact and the arithmetic after them is the same.
    @Test(arguments: 1...25) func allBuildsGiveTheSameBits(rows: Int) throws {
        for form in [TargetForm.floats, .rounded, .roundedBoth] {
            let results = try Int8Build.runnable.map { build in
                let problem = try ProductProblem(
                    rows: rows, depth: 45, panels: 3, layout: .panels, precision: .int8, targetForm: form,
                    int8: build)
                build.kernels.multiply(problem.operands)
                return problem.results.map(\.bitPattern)
            }
            #expect(results.allSatisfy { $0 == results[0] })
        }
    }

    @Test func theProofKnowsAWrongBuild() {
        for build in Int8Build.runnable { #expect(Int8Operands.multipliesExactly(build.kernels)) }
        #expect(!Int8Operands.multipliesExactly(WrongBuild.self))
    }
}

/// One of its sums is wrong by one.
private enum WrongBuild: QuantizedKernels {
    private typealias Right = Int8Kernels.QuantizedBuild

    static var integersPerWord: Int { Right.integersPerWord }

    static func multiply(_ operands: ProductOperands) {
        Right.multiply(operands)
        operands.out[operands.outStride * (operands.rows - 1)] += 1
    }

    static func spin(stepCount: Int) -> Int { Right.spin(stepCount: stepCount) }

    static func quantize(_ operands: QuantizedPixels, source: UnsafePointer<Float>, isNarrow: Bool) {
        Right.quantize(operands, source: source, isNarrow: isNarrow)
    }

    static func normalize(
        _ operands: QuantizedPixels, source: UnsafePointer<Float>, channels: Int, subtractsMean: Bool,
        epsilon: Float
    ) {
        Right.normalize(
            operands, source: source, channels: channels, subtractsMean: subtractsMean, epsilon: epsilon)
    }

    static func quantizeColumns(
        _ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int,
        columns: UnsafeMutablePointer<Float>
    ) {
        Right.quantizeColumns(panels, depth: depth, panelCount: panelCount, columns: columns)
    }

    static func quantizeRows(
        _ panel: UnsafePointer<Float>, count: Int, wordCount: Int, into rows: UnsafeMutablePointer<Float>,
        scales: UnsafeMutablePointer<Float>
    ) {
        Right.quantizeRows(panel, count: count, wordCount: wordCount, into: rows, scales: scales)
    }
}
