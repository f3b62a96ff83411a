import PromptIR
import Testing

@Suite("Weights that are no numbers")
struct FiniteWeightTests {
    /// One value of one tensor is replaced.
    private struct Damaged: WeightSource {
        let source: FormulaSource
        let tensor: String
        let value: Float

        var tensorShapes: [String: [Int]] { source.tensorShapes }

        func floats(named name: String) throws -> [Float] {
            var values = try source.floats(named: name)
            if name == tensor { values[values.count - 1] = value }
            return values
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func oneOfThemIsRefusedByName(value: Float) throws {
        let source = FormulaSource(.compact)
        for tensor in source.tensorShapes.keys.sorted() {
            let damaged = Damaged(source: source, tensor: tensor, value: value)
            let count = try source.floats(named: tensor).count
            #expect(
                throws: NetworkError.nonFiniteWeight(name: tensor, index: count - 1, value: "\(value)")
            ) { try damaged.checkFinite() }
        }
        let tensor = try #require(source.tensorShapes.keys.sorted().last)
        #expect(throws: NetworkError.self) {
            _ = try Network(weights: Damaged(source: source, tensor: tensor, value: value))
        }
    }
}
