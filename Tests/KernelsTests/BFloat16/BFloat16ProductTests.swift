import Kernels
import Products
import Testing

@Suite(.figures) struct BFloat16ProductTests {
    @Test(arguments: BFloat16Build.runnable, Array(0...25) + [32, 33, 47, 70])
    func agreesWithItsTwin(build: BFloat16Build, rows: Int) throws {
        for panels in [1, 2, 3, 4, 5, 7] {
            for depth in ProductTests.depths + [64, 200] {
                for layout in ProductProblem.Layout.allCases {
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
        _ build: BFloat16Build, rows: Int, depth: Int, panels: Int, _ layout: ProductProblem.Layout,
        _ form: TargetForm
    ) throws {
        let problem = try ProductProblem(
            rows: rows, depth: depth, panels: panels, layout: layout, precision: .bfloat16, targetForm: form)
        build.multiply(problem.operands)
        expectClose(
            problem.results, problem.expected, within: problem.tolerances,
            "product in bfloat16, \(build.rawValue), \(form)")
        #expect(problem.guardsAreIntact, "\(rows)×\(depth), \(panels) panels, \(layout), \(form)")
    }

    /// However rows and panels are cut into calls.
    @Test(arguments: BFloat16Build.runnable, 2...25)
    func cutsDoNotChangeBits(build: BFloat16Build, rows: Int) throws {
        func problem(_ panels: Int) throws -> ProductProblem {
            try ProductProblem(rows: rows, depth: 33, panels: panels, layout: .bias, precision: .bfloat16)
        }
        try ProductProblem.expectCutsDoNotMatter(problem) { build.multiply($0) }
    }

    /// q kᵀ, whose depth is pixels; the deepest ones are added up in parts.
    @Test(arguments: BFloat16Build.runnable, [1, 5, 16, 31, 200, 512, 1100])
    func readsAPanelTransposed(build: BFloat16Build, depth: Int) throws {
        for panels in 1...3 {
            let problem = try ProductProblem(
                rows: 16, depth: depth, panels: panels, layout: .transposed, precision: .bfloat16)
            build.multiply(problem.operands)
            expectClose(
                problem.results, problem.expected, within: problem.tolerances,
                "product in bfloat16, transposed")
            #expect(problem.guardsAreIntact)
        }
    }
}
