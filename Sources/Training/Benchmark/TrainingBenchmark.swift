import Kernels
import ProcessLimits
import PromptIR
import Restoration
import Tensors

/// Times training steps in this process: forward, mean squared error, backward, AdamW.
package struct TrainingBenchmark {
    package struct Step: Sendable {
        package let wallSeconds: Double
        /// The processor time of all threads, user and system.
        package let cpuSeconds: Double
    }

    package struct Report: Sendable {
        package let steps: [Step]
        /// The number of floating-point operations of a step as PyTorch's counter counts them: three times
        /// the forward pass's.
        package let nominalOperationCount: Int
        /// The resident bytes before the session is created, and their highest value.
        package let baseByteCount: Int
        package let peakByteCount: Int
        /// The bytes of the session's memory.
        package let sessionByteCount: Int

        /// The step of the median wall time.
        package var median: Step {
            steps.sorted { $0.wallSeconds < $1.wallSeconds }[steps.count / 2]
        }
    }

    package let parameters: ParameterStore
    package let shape: BatchShape
    package let memory: MemoryPlan
    package let precision: TrainingPrecision
    package let threadCount: Int

    package init(
        parameters: ParameterStore, shape: BatchShape, memory: MemoryPlan, precision: TrainingPrecision,
        threadCount: Int
    ) {
        self.parameters = parameters
        self.shape = shape
        self.memory = memory
        self.precision = precision
        self.threadCount = threadCount
    }

    /// Runs one step to warm up and `repetitionCount` timed steps.
    ///
    /// - Parameter onStep: called after each step with the number of all, between the measured times.
    package func run(repetitionCount: Int, onStep: (_ total: Int) -> Void = { _ in }) throws -> Report {
        try TrainingError.check(precision)
        let base = ResidentSize.byteCount
        ResidentSize.resetHighest()
        let team = WorkerTeam(threadCount: threadCount)
        let session = try GradientSession(
            parameters: parameters, shape: shape, memory: memory, precision: precision,
            team: team)
        let loss = try LossEvaluator(.mse, shape: shape, team: team)
        let optimizer = try Optimizer(parameters: parameters, settings: Optimizer.Settings())
        let degraded = try AlignedBuffer(count: shape.valueCount)
        let clean = try AlignedBuffer(count: shape.valueCount)
        degraded.fill(0..<shape.valueCount, with: (0..<shape.valueCount).map { Float($0 % 251) / 250 })
        clean.fill(0..<shape.valueCount, with: (0..<shape.valueCount).map { Float($0 % 241) / 240 })
        let total = 1 + max(1, repetitionCount)
        func step() throws -> Step {
            defer { onStep(total) }
            let (wall, cpu) = (Clock.wallSeconds(), Clock.cpuSeconds())
            FlatVector.zero(parameters.gradients, count: parameters.count, team: team)
            _ = loss.evaluate(output: session.forward(degraded), clean: clean)
            session.backward(loss.gradient)
            try optimizer.step(learningRate: 2e-4, team: team)
            return Step(wallSeconds: Clock.wallSeconds() - wall, cpuSeconds: Clock.cpuSeconds() - cpu)
        }
        _ = try step()
        let steps = try (1..<total).map { _ in try step() }
        return Report(
            steps: steps, nominalOperationCount: try nominalOperationCount(), baseByteCount: base,
            peakByteCount: ResidentSize.highestByteCount,
            sessionByteCount: GradientSession.bytes(
                parameters: parameters, shape: shape, memory: memory, precision: precision,
                threadCount: threadCount))
    }

    private func nominalOperationCount() throws -> Int {
        3 * shape.count
            * ForwardSession.nominalOperationCount(
                network: try Network(weights: parameters), height: shape.height, width: shape.width)
    }
}
