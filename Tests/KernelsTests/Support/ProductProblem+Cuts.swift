import Products
import Testing

extension ProductProblem {
    /// Expects the same bits however rows and panels are cut into calls.
    ///
    /// - Parameter problem: makes the problem with so many panels, with the same values every time.
    static func expectCutsDoNotMatter(
        _ problem: (_ panels: Int) throws -> ProductProblem, _ multiply: (ProductOperands) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        func bits(_ problem: ProductProblem) -> [UInt32] { problem.results.map(\.bitPattern) }
        for panels in [1, 2, 3] {
            let whole = try problem(panels)
            multiply(whole.operands)
            for cut in 1..<whole.rows {
                let parts = try problem(panels)
                multiply(parts.operands(rows: 0..<cut))
                multiply(parts.operands(rows: cut..<whole.rows))
                #expect(bits(parts) == bits(whole), "cut at \(cut)", sourceLocation: sourceLocation)
            }
            // Panels one by one, as bands take them.
            let panelwise = try problem(panels)
            for panel in 0..<panels { multiply(panelwise.operands(panels: panel..<panel + 1)) }
            #expect(bits(panelwise) == bits(whole), sourceLocation: sourceLocation)
        }
    }
}
