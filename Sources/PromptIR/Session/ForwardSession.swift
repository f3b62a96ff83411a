import Kernels
import Tensors

/// Runs one forward pass at a time and owns its working memory. Use one session per image that runs concurrently.
///
/// The arena and the threads are kept for the next image, of whatever size, so that only the first image pays for the
/// arena's pages.
package final class ForwardSession {
    package let network: Network
    /// The number of cores that a pass may use. Results do not depend on it, to the last bit.
    package var threadCount: Int {
        didSet { threadCount = max(1, threadCount) }
    }

    private(set) var prepared: Prepared?
    private(set) var arena: AlignedBuffer?
    private var team: WorkerTeam?
    /// The floats of the largest pass that is announced.
    private var expectedCount = 0

    struct Prepared {
        let height: Int
        let width: Int
        let threadCount: Int
        let plan: ForwardPlan
        let arena: AlignedBuffer
        let runner: StepRunner
    }

    /// - Parameter threadCount: the number of cores that one forward pass may use.
    package init(network: Network, threadCount: Int) {
        self.network = network
        self.threadCount = max(1, threadCount)
    }

    /// Returns the plan for an image of any size.
    static func plan(network: Network, height: Int, width: Int) -> ForwardPlan {
        ForwardPlan(
            network: network, height: NetworkSide.roundedUp(height), width: NetworkSide.roundedUp(width)
        )
    }

    /// Announces a pass with so many bytes of working memory, so that the arena of a smaller one before it suffices. It
    /// allocates nothing.
    package func expect(workingByteCount: Int) { expectedCount = workingByteCount / 4 }

    /// Returns the bytes of working memory for a pass over an image of this size.
    package static func workingByteCount(network: Network, height: Int, width: Int, threadCount: Int) -> Int {
        4 * plan(network: network, height: height, width: width).count(max(1, threadCount))
    }

    /// Runs the network on one image of any size from 1×1. The image is padded at the right and the bottom to
    /// multiples of 8 by reflection (by repetition if it is too small to reflect), and the result is cropped.
    ///
    /// - Parameters:
    ///   - input: (3, H, W).
    ///   - onProgress: called many times during a pass, from any thread.
    ///   - onShare: called after each step with the share of the pass's operations that are done, up to 1.
    /// - Returns: (3, H, W), with the input added and nothing clamped.
    /// - Throws: `NetworkError.outOfMemory`.
    package func forward(
        _ input: ImageTensor, onProgress: (@Sendable () -> Void)? = nil,
        onShare: ((Double) -> Void)? = nil
    ) throws(NetworkError) -> ImageTensor {
        var output = ImageTensor(height: input.height, width: input.width)
        guard let onShare else {
            try forward(input, into: &output, onProgress: onProgress)
            return output
        }
        var (done, total) = (0, 0)
        try run(input, into: &output, onProgress: onProgress) { prepared, index, step in
            let plan = prepared.plan
            if total == 0 { total = plan.steps.reduce(0) { $0 + plan.cost($1).operationCount } }
            step()
            done += plan.cost(plan.steps[index]).operationCount
            onShare(Double(done) / Double(max(total, 1)))
        }
        return output
    }

    /// Runs the network and overwrites an image of the input's size with the result.
    package func forward(
        _ input: ImageTensor, into output: inout ImageTensor, onProgress: (@Sendable () -> Void)? = nil
    ) throws(NetworkError) {
        try run(input, into: &output, onProgress: onProgress) { _, _, step in step() }
    }

    /// Runs a pass and measures its steps.
    package func forward(
        _ input: ImageTensor, into output: inout ImageTensor, profile: inout ForwardProfile
    ) throws(NetworkError) {
        try run(input, into: &output) { prepared, index, step in
            let (wall, cpu) = (Clock.wallSeconds(), Clock.cpuSeconds())
            step()
            let wallSeconds = Clock.wallSeconds() - wall
            prepared.runner.rest()
            let plan = prepared.plan
            profile.add(
                operation: plan.operation(plan.steps[index]), wallSeconds: wallSeconds,
                cpuSeconds: Clock.cpuSeconds() - cpu, cost: plan.cost(plan.steps[index]))
        }
    }

    /// Does what all passes share: it checks the sizes (the kernels do not check again), plans, and runs the
    /// steps in order.
    ///
    /// - Parameter aroundStep: called with each step's index; must call the step once.
    func run(
        _ input: ImageTensor, into output: inout ImageTensor, onProgress: (@Sendable () -> Void)? = nil,
        aroundStep: (_ prepared: Prepared, _ index: Int, _ step: () -> Void) -> Void
    ) throws(NetworkError) {
        precondition(input.channels == 3 && input.height > 0 && input.width > 0, "expected a (3, H, W) image")
        precondition(
            output.channels == 3 && output.height == input.height && output.width == input.width,
            "output must have the input's size")
        let prepared = try prepare(height: input.height, width: input.width)
        ImagePlanes.with(input, &output) { planes in
            prepared.runner.begin(planes, onProgress: onProgress)
            for index in prepared.plan.steps.indices {
                aroundStep(prepared, index) { prepared.runner.run(index) }
            }
            prepared.runner.begin(nil, onProgress: nil)
        }
    }

    /// Releases the working memory; the next image allocates it again.
    package func release() {
        (prepared, arena) = (nil, nil)
    }

    func prepare(height: Int, width: Int) throws(NetworkError) -> Prepared {
        let (height, width) = (NetworkSide.roundedUp(height), NetworkSide.roundedUp(width))
        if let prepared, prepared.height == height, prepared.width == width,
            prepared.threadCount == threadCount
        {
            return prepared
        }
        prepared = nil
        let plan = ForwardPlan(network: network, height: height, width: width)
        let arena = try arena(count: plan.count(threadCount))
        let kept = team.flatMap { $0.threadCount == threadCount ? $0 : nil }
        let team = kept ?? WorkerTeam(threadCount: threadCount)
        self.team = team
        let made = Prepared(
            height: height, width: width, threadCount: threadCount, plan: plan, arena: arena,
            runner: StepRunner(plan: plan, arena: arena, team: team))
        prepared = made
        return made
    }

    /// Returns the kept arena if it has so many floats; otherwise a new one, before which the old one is released.
    private func arena(count: Int) throws(NetworkError) -> AlignedBuffer {
        if let arena, arena.count >= count { return arena }
        arena = nil
        do {
            let made = try AlignedBuffer(count: max(count, expectedCount))
            arena = made
            return made
        } catch {
            throw .outOfMemory(byteCount: error.byteCount)
        }
    }
}
