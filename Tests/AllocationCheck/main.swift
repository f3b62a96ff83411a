// Counts the heap allocations of forward passes, and of steps of training, after the first of a size. Exits with 1 if
// there is one.
//
// A program of its own, because it replaces malloc, and because tests that run beside it would be counted.

import CAllocationCounter
import Glibc
import Kernels
import PromptIR
import Tensors
import Training

let traces: Int32 = CommandLine.arguments.contains("--trace") ? 1 : 0
allocation_trace(0)  // its first call loads a library
var isClean = true

/// Repeats what has been done a few times before.
@MainActor func check(_ what: String, _ body: () throws -> Void) rethrows {
    // Threads make their caches, and libraries what they need once.
    for _ in 0..<3 { try body() }
    let repetitionCount = 10
    let before = allocation_count()
    allocation_trace(traces)
    for _ in 0..<repetitionCount { try body() }
    allocation_trace(0)
    let count = allocation_count() - before
    print("\(what): \(count) allocations in \(repetitionCount)")
    isClean = isClean && count == 0
}

let network = try Network(weights: SeededWeights(configuration: .compact))
for threadCount in [1, 2] {
    for (height, width) in [(64, 64), (40, 72)] {
        let session = ForwardSession(network: network, threadCount: threadCount)
        let image = ImageTensor(height: height, width: width)
        var output = ImageTensor(height: height, width: width)
        try check("forward passes, \(width)x\(height), \(threadCount) threads") {
            try session.forward(image, into: &output)
        }
    }
}

let parameters = try ParameterStore(loading: SeededWeights(configuration: .compact))
for (loss, memory, precision) in [
    (LossFunction.mse, MemoryPlan.keep, ActivationPrecision.float32), (.l1, .recompute, .float32),
    (.l1SSIM(alpha: 0.84), .keep, .half),
] {
    // More threads than pictures in a group, fewer, and one.
    for (threadCount, pictureCount) in [(1, 2), (2, 1), (2, 3), (5, 2)] {
        let shape = BatchShape(count: pictureCount, height: 24, width: 32)
        let team = WorkerTeam(threadCount: threadCount)
        let session = try GradientSession(
            parameters: parameters, shape: shape, memory: memory, precision: precision, team: team)
        let evaluator = try LossEvaluator(loss, shape: shape, team: team)
        let optimizer = try AdamW(parameters: parameters, settings: AdamW.Settings())
        let average = try AlignedBuffer(count: parameters.count)
        let degraded = try AlignedBuffer(count: shape.valueCount)
        let clean = try AlignedBuffer(count: shape.valueCount)
        check("steps, \(loss), \(memory), \(precision), \(pictureCount) pictures, \(threadCount) threads") {
            FlatVector.zero(parameters.gradients, count: parameters.count, team: team)
            _ = evaluator.evaluate(output: session.forward(degraded), clean: clean)
            session.backward(evaluator.gradient)
            let norm = GradientNorm(parameters, scale: 1, team: team)
            optimizer.step(
                learningRate: 1e-4, gradientFactor: Float(norm.clipFactor(limit: 1)), team: team)
            FlatVector.average(
                parameters.values, into: average, share: 0.01, count: parameters.count, team: team)
        }
    }
}
exit(isClean ? 0 : 1)
