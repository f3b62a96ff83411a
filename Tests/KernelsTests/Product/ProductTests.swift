import Kernels
import Products
import Testing
import WideProducts

/// The two builds of the product, of which a processor can run one or both.
enum ProductBuild: String, CaseIterable {
    case narrow, wide

    static var runnable: [ProductBuild] {
        allCases.filter { $0 == .narrow || Processor.registerBitCount == 512 }
    }

    func multiply(_ operands: ProductOperands) {
        switch self {
        case .narrow: Products.PanelProduct.multiply(operands)
        case .wide: WideProducts.PanelProduct.multiply(operands)
        }
    }
}

@Suite(.figures) struct ProductTests {
    static let depths = [0, 1, 2, 7, 15, 16, 17, 48]

    @Test(arguments: ProductBuild.runnable, 1...25)
    func agreesWithItsTwin(build: ProductBuild, rows: Int) throws {
        for panels in [1, 2, 3, 4, 5, 7] {
            for depth in Self.depths {
                for layout in ProductProblem.Layout.allCases {
                    let problem = try ProductProblem(rows: rows, depth: depth, panels: panels, layout: layout)
                    build.multiply(problem.operands)
                    expectClose(
                        problem.results, problem.expected, within: problem.tolerances,
                        "product, \(build.rawValue) registers")
                    #expect(problem.guardsAreIntact, "\(rows)×\(depth), \(panels) panels, \(layout)")
                }
            }
        }
    }

    /// q kᵀ: a panel of activations read as its own transpose.
    @Test(arguments: ProductBuild.runnable, [1, 5, 16, 31, 200])
    func readsAPanelTransposed(build: ProductBuild, depth: Int) throws {
        for panels in 1...3 {
            let problem = try ProductProblem(rows: 16, depth: depth, panels: panels, layout: .transposed)
            build.multiply(problem.operands)
            expectClose(problem.results, problem.expected, within: problem.tolerances, "product, transposed")
            #expect(problem.guardsAreIntact)
        }
    }

    @Test(.enabled(if: ProductBuild.runnable.count == 2, "needs a processor with AVX-512"), arguments: 1...25)
    func buildsGiveTheSameBits(rows: Int) throws {
        for panels in [1, 2, 3, 4, 5, 7] {
            for depth in Self.depths {
                for layout in ProductProblem.Layout.allCases {
                    let bits = try ProductBuild.runnable.map { build in
                        let problem = try ProductProblem(
                            rows: rows, depth: depth, panels: panels, layout: layout)
                        build.multiply(problem.operands)
                        return problem.results.map(\.bitPattern)
                    }
                    #expect(bits[0] == bits[1], "\(rows)×\(depth), \(panels) panels, \(layout)")
                }
            }
        }
    }

    @Test(arguments: ProductBuild.runnable, 2...25)
    func cutsDoNotChangeBits(build: ProductBuild, rows: Int) throws {
        func problem(_ panels: Int) throws -> ProductProblem {
            try ProductProblem(rows: rows, depth: 17, panels: panels, layout: .bias)
        }
        try ProductProblem.expectCutsDoNotMatter(problem) { build.multiply($0) }
    }

    @Test(arguments: ProductBuild.runnable) func noRowsWriteNothing(build: ProductBuild) throws {
        let problem = try ProductProblem(rows: 3, depth: 5, panels: 2, layout: .bias)
        build.multiply(problem.operands(rows: 0..<0))
        build.multiply(problem.operands(panels: 0..<0))
        #expect((0..<problem.outputCount).allSatisfy(problem.outputIsUntouched))
    }

    @Test func theProcessorsOwnBuildIsUsed() throws {
        let problem = try ProductProblem(rows: 13, depth: 9, panels: 3, layout: .bias)
        Product.multiply(problem.operands)
        expectClose(problem.results, problem.expected, within: problem.tolerances, "product, dispatched")
        #expect(Processor.missingFeatures.isEmpty)
    }
}
