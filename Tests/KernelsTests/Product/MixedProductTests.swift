import Foundation
import Kernels
import Products
import Testing

@Suite(.figures) struct MixedProductTests {
    private static let rows = Array(0...25) + [32, 33, 47, 70]

    @Test(arguments: rows) func agreesWithItsTwin(rows: Int) throws {
        for panels in [1, 2, 3, 4, 5, 7] {
            for depth in ProductTests.depths + [64, 200] {
                for layout in ProductProblem.Layout.allCases {
                    let problem = try ProductProblem(
                        rows: rows, depth: depth, panels: panels, layout: layout, roundsFloats: true)
                    MixedProduct.multiply(problem.operands)
                    expectClose(
                        problem.results, problem.expected, within: problem.tolerances,
                        "product of floats in mixed precision")
                    #expect(problem.guardsAreIntact, "\(rows)×\(depth), \(panels) panels, \(layout)")
                }
            }
        }
    }

    /// More rows than are rounded at a time.
    @Test(arguments: [ProductProblem.Layout.bias, .transposed]) func inSeveralBlocks(
        layout: ProductProblem.Layout
    ) throws {
        let problem = try ProductProblem(rows: 300, depth: 900, panels: 2, layout: layout, roundsFloats: true)
        MixedProduct.multiply(problem.operands)
        expectClose(
            problem.results, problem.expected, within: problem.tolerances,
            "product of floats in mixed precision, in blocks")
        #expect(problem.guardsAreIntact)
    }

    /// The first product of a thread may be empty.
    @Test func emptyOnANewThread() throws {
        let problem = try ProductProblem(rows: 3, depth: 0, panels: 1, layout: .bias, roundsFloats: true)
        nonisolated(unsafe) let operands = problem.operands
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            MixedProduct.multiply(operands)
            isDone.signal()
        }
        isDone.wait()
        expectClose(problem.results, problem.expected, within: problem.tolerances, "empty product")
    }

    /// However rows and panels are cut into calls.
    @Test(arguments: 2...25) func cutsDoNotChangeBits(rows: Int) throws {
        func problem(_ panels: Int) throws -> ProductProblem {
            try ProductProblem(rows: rows, depth: 33, panels: panels, layout: .bias, roundsFloats: true)
        }
        try ProductProblem.expectCutsDoNotMatter(problem) { MixedProduct.multiply($0) }
    }
}
