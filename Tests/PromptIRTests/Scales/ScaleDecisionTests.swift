import PromptIR
import Tensors
import Testing

@Suite("Scale decision")
struct ScaleDecisionTests {
    /// The definition, pixel by pixel: the mean of |c − its mean over 5×5|, of those pixels that are there.
    private static func structure(_ luma: [Double], height: Int, width: Int) -> Double {
        var total = 0.0
        for row in 0..<height {
            for column in 0..<width {
                var (sum, count) = (0.0, 0.0)
                for y in max(row - 2, 0)...min(row + 2, height - 1) {
                    for x in max(column - 2, 0)...min(column + 2, width - 1) {
                        sum += luma[y * width + x]
                        count += 1
                    }
                }
                total += abs(luma[row * width + column] - sum / count)
            }
        }
        return total / Double(height * width)
    }

    @Test("statistics are those of the definition", arguments: [(1, 1), (1, 7), (3, 2), (4, 5), (17, 23)])
    func statistics(height: Int, width: Int) {
        let before = ImageTensor(height: height, width: width)
        var after = ImageTensor.noise(height: height, width: width)
        for index in after.values.indices { after.values[index] = 0.2 * (after.values[index] - 0.5) }
        let count = height * width
        let luma = (0..<count).map { pixel in
            255
                * (0.299 * Double(after.values[pixel]) + 0.587 * Double(after.values[count + pixel])
                    + 0.114 * Double(after.values[2 * count + pixel]))
        }
        let change = ScaleChange(from: before, to: after)
        #expect(abs(change.structure - Self.structure(luma, height: height, width: width)) < 1e-4)
        #expect(change.changedShare == Double(luma.count { abs($0) > 8 }) / Double(count))
    }

    @Test("restoration begins where the coarser change had more than twice the structure")
    func decision() {
        /// Streaks two pixels wide, one in sixteen columns.
        func change(_ levels: Float) -> ScaleChange {
            let plane = (0..<64 * 64).map { $0 % 16 < 2 ? levels / 255 : 0 }
            return ScaleChange(
                from: ImageTensor(height: 64, width: 64),
                to: ImageTensor(height: 64, width: 64, values: plane + plane + plane))
        }
        #expect(ScaleDecision.begins(with: change(-20), after: change(-42)))
        #expect(!ScaleDecision.begins(with: change(-20), after: change(-38)))
        #expect(!ScaleDecision.begins(with: change(-30), after: change(-20)))
        // A few large drops: at the finer scale next to nothing is found.
        #expect(ScaleDecision.begins(with: change(-1), after: change(-10)))
        // Next to nothing was changed.
        #expect(!ScaleDecision.begins(with: change(-1), after: change(-5)))
        // The coarsest has nothing to be compared with.
        #expect(!ScaleDecision.begins(with: change(-20), after: nil))
        // What is no number is not hidden.
        #expect(ScaleDecision.begins(with: change(.nan), after: change(-10)))
        #expect(ScaleDecision.begins(with: change(-10), after: change(.nan)))
    }
}
