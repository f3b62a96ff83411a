import Kernels
import ReferenceKernels
import Testing

@Suite(.figures) struct GateTests {
    /// erf's error, of half of |x|, and the roundings of the products behind it.
    private static func tolerance(_ x: Double, _ factor: Double) -> Double {
        abs(factor) * (0.5 * abs(x) * 3.7e-7 + 3 * Rounding.unit * abs(Reference.gelu(x))) + 0x1p-148
    }

    @Test(arguments: [1, 2, 3, 17, 64])
    func agreesWithItsTwin(count: Int) throws {
        for outputStride in [16, 48] {
            let a = Values.uniform("gate a", count * 16, scale: 6)
            let b = Values.uniform("gate b", count * 16, scale: 3)
            let output = try run(a, b, count: count, outputStride: outputStride)
            let results = (0..<count * 16).map { output.base[$0 / 16 * outputStride + $0 % 16] }
            let twin = Reference.gate(
                Planes(a, channels: 1, height: count, width: 16),
                Planes(b, channels: 1, height: count, width: 16))
            expectClose(
                results, twin.values, within: zip(a, b).map { Self.tolerance(Double($0), Double($1)) }, "gate"
            )
            #expect(output.guardsAreIntact)
            #expect((0..<output.count).allSatisfy { $0 % outputStride < 16 || output.isUntouched($0) })
        }
    }

    /// Every binary exponent of float32, from subnormal numbers to the largest, both signs, 4,096 numbers of each.
    @Test func geluHoldsOverAllFloats() throws {
        for exponent in UInt32(0)...254 {
            let magnitudes = (0..<UInt32(2048)).map {
                Float(bitPattern: exponent << 23 | ($0 &* 4099 &+ exponent) & 0x7F_FFFF)
            }
            let x = magnitudes + magnitudes.map { -$0 }
            let ones = [Float](repeating: 1, count: x.count)
            let output = try run(x, ones, count: x.count / 16, outputStride: 16)
            expectClose(
                output.values, x.map { Reference.gelu(Double($0)) },
                within: x.map { Self.tolerance(Double($0), 1) },
                exponent < 122
                    ? "gelu, |x| < 1/32" : exponent < 132 ? "gelu, 1/32 ≤ |x| < 32" : "gelu, |x| ≥ 32")
        }
    }

    /// Where erf is ±1 in float32, gelu is x or nothing: an error there would grow with x.
    @Test func saturatesExactly() throws {
        let magnitudes = Array(sequence(first: Float(6)) { $0 * 1.05 }.prefix(1600))
        let x = magnitudes + magnitudes.map { -$0 }
        let output = try run(x, x.map { _ in 1 }, count: x.count / 16, outputStride: 16)
        for (value, result) in zip(x, output.values) {
            #expect(result == max(value, 0), "gelu(\(value))")
        }
    }

    /// As PyTorch: NaN stays NaN, −∞ · 0 is NaN.
    @Test func specialValues() throws {
        let x: [Float] =
            [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, 1, 1]
            + Array(repeating: 0, count: 8)
        let b: [Float] = [1, 1, 1, 1, 1, 1, .nan, .infinity] + Array(repeating: 1, count: 8)
        let output = try run(x, b, count: 1, outputStride: 16).values
        #expect(output[0].isNaN)
        #expect(output[1] == .infinity)
        #expect(output[2].isNaN)
        #expect(output[3] == 0)
        #expect(output[4] == 0)
        #expect(output[5] >= 0 && output[5] <= .leastNonzeroMagnitude)
        #expect(output[6].isNaN)
        #expect(output[7] == .infinity)
    }

    private func run(_ a: [Float], _ b: [Float], count: Int, outputStride: Int) throws -> GuardedMemory {
        let a = try GuardedMemory(a)
        let b = try GuardedMemory(b)
        let output = try GuardedMemory(count: count * outputStride)
        Gate.multiply(a.constant, b.constant, count: count, output: output.base, outputStride: outputStride)
        #expect(a.guardsAreIntact && b.guardsAreIntact)
        return output
    }
}
