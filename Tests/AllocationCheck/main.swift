// Counts the heap allocations of forward passes, and of steps of training, after the first of a size. Exits with 1 if
// there is one.
//
// A program of its own, because it replaces malloc, and because tests that run beside it would be counted.

import CAllocationCounter
import Datasets
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

for (loss, memory, precision) in [
    (LossFunction.mse, MemoryPlan.keep, TrainingPrecision.float32), (.l1, .recompute, .float32),
    (.l1SSIM(alpha: 0.84), .keep, .mixed),
] {
    // More threads than pictures in a group, fewer, and one.
    for (threadCount, pictureCount) in [(1, 2), (2, 1), (2, 3), (5, 2)] {
        var settings = TrainingSettings()
        settings.loss = loss
        settings.precision = precision
        settings.clipNorm = 1
        settings.averageDecay = 0.99
        let state = try TrainingState(
            parameters: try ParameterStore(loading: SeededWeights(configuration: .compact)), carried: [],
            progress: TrainingProgress(settings: settings, pairCount: pictureCount))
        let step = TrainingStep(
            state: state, ranks: .alone, threadCount: threadCount, memory: .always(memory))
        let (height, width) = (24, 32)
        let batch = PairBatch(
            names: (0..<pictureCount).map { "\($0)" }, height: height, width: width,
            degraded: try AlignedBuffer(count: pictureCount * 3 * height * width),
            clean: try AlignedBuffer(count: pictureCount * 3 * height * width))
        try check("steps, \(loss), \(memory), \(precision), \(pictureCount) pictures, \(threadCount) threads")
        {
            _ = try step.run(batch, learningRate: 1e-4)
        }
    }
}
exit(isClean ? 0 : 1)
