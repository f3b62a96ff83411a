import Kernels
import ProcessLimits
import PromptIR
import Tensors

/// Times forward passes of a network in this process.
package struct ForwardBenchmark {
    /// The cost of one pass.
    package struct Pass: Sendable {
        package let wallSeconds: Double
        /// The processor time of all threads, user and system.
        package let cpuSeconds: Double
    }

    package struct Report: Sendable {
        package let precision: Precision
        package let passes: [Pass]
        /// The first pass of the process, which pays for the arena's pages.
        package let coldPass: Pass
        /// Each the first pass of this size after one of another size.
        package let firstPasses: [Pass]
        /// The number of floating-point operations of a pass as PyTorch's counter counts them.
        package let nominalOperationCount: Int
        /// The operations per second that one core's registers reach in this precision, measured between the passes.
        package let peakPerCore: Double
        /// The resident bytes before the first pass (weights, program), and their highest value.
        package let baseByteCount: Int
        package let peakByteCount: Int
        /// The bytes of the arena and the workers' scratch memory.
        package let workingByteCount: Int
        package let profile: ForwardProfile

        package var median: Pass { Self.median(passes) }
        package var firstMedian: Pass { Self.median(firstPasses) }

        private static func median(_ passes: [Pass]) -> Pass {
            Pass(
                wallSeconds: median(passes.map(\.wallSeconds)), cpuSeconds: median(passes.map(\.cpuSeconds)))
        }

        private static func median(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            let middle = sorted.count / 2
            return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        }
    }

    package let network: Network
    package let height: Int
    package let width: Int
    package let threadCount: Int

    package init(network: Network, height: Int, width: Int, threadCount: Int) {
        self.network = network
        self.height = height
        self.width = width
        self.threadCount = threadCount
    }

    /// An image whose pass does not fit into memory.
    package struct TooLarge: Error, Equatable, CustomStringConvertible {
        let width: Int
        let height: Int
        let byteCount: Int
        let limit: Int

        package var description: String {
            "a pass over \(width)x\(height) takes \(byteCount >> 20) MiB, more than the \(limit >> 20) MiB to plan with: "
                + "choose a smaller --size"
        }
    }

    /// The bytes that a run needs besides the weights: the passes' working memory, image and result.
    package var byteCount: Int {
        ForwardSession.workingByteCount(
            network: network, height: height, width: width, threadCount: threadCount)
            + 2 * 3 * 4 * height * width
    }

    /// Runs one pass to warm up, then `repetitionCount` times one of a quarter of the size, untimed, and two timed ones,
    /// and at the end one more for the profile.
    ///
    /// - Parameters:
    ///   - memoryLimit: the bytes to plan with.
    ///   - onPass: called after each pass with the number of all, between the measured times.
    /// - Throws: ``TooLarge`` before anything is allocated.
    package func run(
        repetitionCount: Int, memoryLimit: Int = MemoryLimit.detected(),
        onPass: (_ total: Int) -> Void = { _ in }
    ) throws -> Report {
        guard byteCount <= memoryLimit else {
            throw TooLarge(width: width, height: height, byteCount: byteCount, limit: memoryLimit)
        }
        let session = ForwardSession(network: network, threadCount: threadCount)
        let size = 3 * height * width
        let image = ImageTensor(
            height: height, width: width, values: (0..<size).map { Float($0 % 251) / 250 })
        var output = ImageTensor(height: height, width: width)
        let base = ResidentSize.byteCount
        ResidentSize.resetHighest()
        let repetitionCount = max(1, repetitionCount)
        let total = 2 * repetitionCount + 2
        func timed() throws -> Pass {
            let (wall, cpu) = (Clock.wallSeconds(), Clock.cpuSeconds())
            try session.forward(image, into: &output)
            onPass(total)
            return Pass(
                wallSeconds: Clock.wallSeconds() - wall, cpuSeconds: Clock.cpuSeconds() - cpu)
        }
        let coldPass = try timed()
        let smaller = ImageTensor(height: (height + 1) / 2, width: (width + 1) / 2)
        var (firstPasses, passes): ([Pass], [Pass]) = ([], [])
        var peak = MultiplyAddPeak.measure(in: network.precision, runCount: 5)
        for _ in 0..<repetitionCount {
            _ = try session.forward(smaller)
            firstPasses.append(try timed())
            passes.append(try timed())
            peak = max(peak, MultiplyAddPeak.measure(in: network.precision, runCount: 5))
        }
        let highest = ResidentSize.highestByteCount
        var profile = ForwardProfile()
        try session.forward(image, into: &output, profile: &profile)
        onPass(total)
        return Report(
            precision: network.precision, passes: passes, coldPass: coldPass, firstPasses: firstPasses,
            nominalOperationCount: ForwardSession.nominalOperationCount(
                network: network, height: height, width: width),
            peakPerCore: peak, baseByteCount: base, peakByteCount: highest,
            workingByteCount: ForwardSession.workingByteCount(
                network: network, height: height, width: width, threadCount: threadCount),
            profile: profile)
    }
}
