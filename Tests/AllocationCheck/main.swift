// Counts the heap allocations of forward passes after the first of a size. Exits with 1 if there is one.
//
// A program of its own, because it replaces malloc, and because tests that run beside it would be counted.

import CAllocationCounter
import Glibc
import PromptIR
import Tensors

let network = try Network(weights: SeededWeights(configuration: .compact))
let traces: Int32 = CommandLine.arguments.contains("--trace") ? 1 : 0
allocation_trace(0)  // its first call loads a library
var isClean = true
for threadCount in [1, 2] {
    for (height, width) in [(64, 64), (40, 72)] {
        let session = ForwardSession(network: network, threadCount: threadCount)
        let image = ImageTensor(height: height, width: width)
        var output = ImageTensor(height: height, width: width)
        // Dispatch makes its threads and their caches during the first passes.
        for _ in 0..<3 { try session.forward(image, into: &output) }
        let passCount = 10
        let before = allocation_count()
        allocation_trace(traces)
        for _ in 0..<passCount { try session.forward(image, into: &output) }
        allocation_trace(0)
        let count = allocation_count() - before
        print("\(width)x\(height), \(threadCount) threads: \(count) allocations in \(passCount) passes")
        isClean = isClean && count == 0
    }
}
exit(isClean ? 0 : 1)
