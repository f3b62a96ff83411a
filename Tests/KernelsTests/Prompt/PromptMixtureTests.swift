import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct PromptMixtureTests {
    @Test(arguments: [1, 8, 15, 17, 40], [1, 2, 5, 8])
    func agreesWithItsTwin(channels: Int, length: Int) throws {
        for (height, width) in [(1, 1), (4, 4), (3, 7), (16, 5)] {
            for target in [
                MapSize(height: 1, width: 1), MapSize(height: 3, width: 11), MapSize(height: 20, width: 6),
            ] {
                try compare(
                    channels: channels, length: length, stored: MapSize(height: height, width: width), target)
            }
        }
    }

    /// Scores far apart must not overflow.
    @Test func acceptsLargeScores() throws {
        try compare(
            channels: 4, length: 3, stored: MapSize(height: 2, width: 2), MapSize(height: 4, width: 4),
            linearScale: 1e4)
    }

    @Test func keepsItsSizeExactly() throws {
        let problem = try PromptProblem(channels: 8, length: 2, stored: MapSize(height: 5, width: 6))
        let mixture = try problem.mixture()
        let output = try GuardedMap(channels: 8, height: 5, width: 6)
        let scratch = try GuardedMemory(count: problem.prompt.scratchCount)
        problem.prompt.resize(mixture.run, output: output.map, rows: 0..<5, scratch: scratch.run)
        #expect(output.memory.values == mixture.values)
    }

    private func compare(
        channels: Int, length: Int, stored: MapSize, _ size: MapSize, linearScale: Double = 1
    ) throws {
        let problem = try PromptProblem(
            channels: channels, length: length, stored: stored, linearScale: linearScale)
        let mixture = try problem.mixture()
        for precision in Precision.runnable { try compare(problem, mixture, size, precision) }
    }

    private func compare(
        _ problem: PromptProblem, _ mixture: GuardedMemory, _ size: MapSize, _ precision: Precision
    ) throws {
        let output = try GuardedMap(
            channels: problem.prompt.channels, height: size.height, width: size.width, precision: precision)
        let scratch = try GuardedMemory(count: problem.prompt.scratchCount)
        for row in (0..<size.height).reversed() {
            problem.prompt.resize(
                mixture.run, output: output.map, rows: row..<row + 1, scratch: scratch.run)
        }
        let twin = Reference.mixture(problem.weights, means: problem.means.doubles)
        // The mixture's sum of `length` terms with rounded weights, then four products with rounded weights.
        let largest = problem.weights.components.map(\.largestMagnitude).max() ?? 0
        let resized = Reference.resized(twin, height: size.height, width: size.width).values
        let sums = Double(problem.weights.components.count + 12) * Rounding.unit * largest
        expectClose(
            output.planes, resized,
            within: BFloat16Bits.tolerances(resized, in: precision).map { $0 + sums },
            "prompt in \(precision)")
        #expect(
            scratch.guardsAreIntact && mixture.guardsAreIntact && output.guardsAreIntact
                && output.paddingIsZero)
    }
}

private struct PromptProblem {
    static let featureChannels = 9
    let prompt: PromptMixture
    let weights: Reference.PromptWeights
    let means: [Float]

    init(channels: Int, length: Int, stored: MapSize, linearScale: Double = 1) throws {
        let size = channels * stored.pixelCount
        let parameter = Values.uniform("prompt", length * size)
        let linear = Values.uniform("linear", length * Self.featureChannels, scale: linearScale)
        let bias = Values.uniform("bias", length)
        means = Values.uniform("means", Self.featureChannels)
        prompt = try PromptMixture(
            channels: channels, height: stored.height, width: stored.width, length: length,
            parameter: parameter, linear: linear, linearBias: bias)
        weights = Reference.PromptWeights(
            components: (0..<length).map {
                Planes(
                    Array(parameter[$0 * size..<($0 + 1) * size]), channels: channels, height: stored.height,
                    width: stored.width)
            }, linear: Reference.Filter(linear, bias: bias))
    }

    func mixture() throws -> GuardedMemory {
        let mixture = try GuardedMemory(count: prompt.mixtureCount)
        let means = try GuardedMemory(means)
        prompt.mix(means: means.run, mixture: mixture.run)
        #expect(means.guardsAreIntact)
        return mixture
    }
}
