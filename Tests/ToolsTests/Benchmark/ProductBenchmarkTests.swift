import Testing
import Tools

@Test func productsAreTimedOnEveryShape() throws {
    let rows = try ProductBenchmark().run()
    #expect(rows.count == ProductBenchmark.shapes.count)
    #expect(rows.allSatisfy { $0.ours > 1e8 && $0.openBLAS > 1e8 })
}
