import Kernels
import ReferenceKernels
import TestSupport
import Testing

@Suite(.figures) struct OrthogonalisationTests {
    static let sizes = [
        (1, 1), (1, 17), (17, 1), (8, 8), (16, 16), (15, 33), (33, 15), (48, 27), (64, 200), (200, 64),
    ]

    /// The first step multiplies small singular values by 3.4, five steps by up to 485, and rounding with them.
    @Test(arguments: sizes)
    func agreesWithItsTwin(rows: Int, columns: Int) throws {
        let values = Formula.uniform("matrix", count: rows * columns).map { Float($0) }
        let memory = try GuardedMemory(values)
        let scratch = try Orthogonalisation(shortSide: 64, longSide: 200)
        scratch.run(memory.base, rows: rows, columns: columns)
        expectClose(
            memory.values,
            Reference.orthogonalised(values.map(Double.init), rows: rows, columns: columns),
            within: [Double](repeating: 2e-5, count: values.count), "orthogonalisation")
        #expect(memory.guardsAreIntact)
    }

    @Test func theSizeOfTheMatrixDoesNotMatter() throws {
        let values = Formula.uniform("matrix", count: 24 * 40).map { Float($0) }
        let (one, other) = (try GuardedMemory(values), try GuardedMemory(values.map { $0 * 1024 }))
        let scratch = try Orthogonalisation(shortSide: 24, longSide: 40)
        scratch.run(one.base, rows: 24, columns: 40)
        scratch.run(other.base, rows: 24, columns: 40)
        #expect(one.values == other.values)
    }

    @Test func singularValuesComeNearOne() throws {
        // A diagonal matrix shows its singular values.
        let scratch = try Orthogonalisation(shortSide: 20, longSide: 30)
        var values = [Float](repeating: 0, count: 20 * 30)
        for index in 0..<20 { values[index * 30 + index] = Float(index + 1) }
        let memory = try GuardedMemory(values)
        scratch.run(memory.base, rows: 20, columns: 30)
        for index in 0..<20 {
            #expect((0.65...1.25).contains(memory.values[index * 30 + index]), "value \(index)")
        }
    }

    @Test func zerosStayZeros() throws {
        let memory = try GuardedMemory([Float](repeating: 0, count: 6))
        try Orthogonalisation(shortSide: 2, longSide: 3).run(memory.base, rows: 2, columns: 3)
        #expect(memory.values == [Float](repeating: 0, count: 6))
    }
}
