import Kernels
import Products
import ReferenceKernels
import Testing

@Suite(.figures) struct DepthwiseTests {
    /// One row of 16 channels: the middle row of a map of three, its neighbours left and right included.
    @Test(arguments: [1, 2, 3, 15, 16, 17, 64, 97], [16, 33])
    func agreesWithItsTwin(count: Int, outputStride: Int) throws {
        let width = count + 2
        let values = Values.uniform("depthwise", 16 * 3 * width)
        let weights = Values.uniform("taps", 16 * 9)
        let bias = Values.uniform("bias", 16)
        let rows = try GuardedMap(values, channels: 16, height: 3, width: width)
        let taps = try GuardedMemory((0..<9 * 16).map { weights[$0 % 16 * 9 + $0 / 16] })
        let biases = try GuardedMemory(bias)
        let output = try GuardedMemory(count: count * outputStride)
        Depthwise3x3.row(
            above: rows.memory.constant, here: rows.memory.constant + width * 16,
            below: rows.memory.constant + 2 * width * 16, count: count, weights: taps.constant,
            bias: biases.constant, output: output.base, outputStride: outputStride)

        func middle(_ planes: Planes) -> [Double] {
            (0..<16).flatMap { channel in (0..<count).map { planes[channel, 1, $0 + 1] } }
        }
        let input = Planes(values, channels: 16, height: 3, width: width)
        let filter = Reference.Filter(weights, bias: bias)
        let results = (0..<16).flatMap { channel in
            (0..<count).map { output.base[$0 * outputStride + channel] }
        }
        expectClose(
            results, middle(Reference.depthwise3x3(input, filter)),
            within: Rounding.sum(
                terms: 9, magnitudes: middle(Reference.depthwise3x3(input.magnitudes, filter.magnitudes))),
            "depthwise 3×3")
        #expect(output.guardsAreIntact && rows.guardsAreIntact)
        #expect(taps.guardsAreIntact && biases.guardsAreIntact)
        #expect((0..<output.count).allSatisfy { $0 % outputStride < 16 || output.isUntouched($0) })
    }

    /// Two rows at a time are two rows one at a time, to the bit.
    @Test(arguments: [1, 2, 17, 64], [16, 33])
    func pairsAreTwoRows(count: Int, outputStride: Int) throws {
        let rowFloats = (count + 2) * 16
        let rows = try GuardedMemory(Values.uniform("depthwise", 4 * rowFloats))
        let taps = try GuardedMemory(Values.uniform("taps", 16 * 9))
        let bias = try GuardedMemory(Values.uniform("bias", 16))
        let outputRowStride = count * outputStride + 3
        let single = try GuardedMemory(count: 2 * outputRowStride)
        let pair = try GuardedMemory(count: 2 * outputRowStride)
        for row in 0..<2 {
            let above = rows.constant + row * rowFloats
            Depthwise3x3.row(
                above: above, here: above + rowFloats, below: above + 2 * rowFloats, count: count,
                weights: taps.constant, bias: bias.constant, output: single.base + row * outputRowStride,
                outputStride: outputStride)
        }
        Depthwise3x3.rowPair(
            rows.constant, rows.constant + rowFloats, rows.constant + 2 * rowFloats,
            rows.constant + 3 * rowFloats, count: count, weights: taps.constant, bias: bias.constant,
            output: pair.base, outputStride: outputStride, outputRowStride: outputRowStride)
        #expect(pair.values.map(\.bitPattern) == single.values.map(\.bitPattern))
        // By whatever build this processor uses.
        let chosen = try GuardedMemory(count: 2 * outputRowStride)
        Depthwise3x3.rows(
            DepthwiseOperands(
                rows.constant, rows.constant + rowFloats, rows.constant + 2 * rowFloats,
                rows.constant + 3 * rowFloats, count: count, weights: taps.constant, bias: bias.constant,
                output: chosen.base, outputStride: outputStride, outputRowStride: outputRowStride))
        #expect(chosen.values.map(\.bitPattern) == single.values.map(\.bitPattern) && chosen.guardsAreIntact)
        #expect(rows.guardsAreIntact && pair.guardsAreIntact && single.guardsAreIntact)
    }
}
