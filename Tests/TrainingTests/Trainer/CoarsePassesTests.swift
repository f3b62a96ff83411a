import Kernels
import ReferenceKernels
import Tensors
import TestSupport
import Testing
import Training

@Suite struct CoarsePassesTests {
    private static let shape = BatchShape(count: 2, height: 32, width: 64)

    private func image() throws -> AlignedBuffer {
        try AlignedBuffer(Formula.image(count: 2, height: 32, width: 64))
    }

    private func passes(_ store: ParameterStore, depth: Int, threadCount: Int = 2) throws -> CoarsePasses {
        try CoarsePasses(
            parameters: store, shape: Self.shape, depth: depth, team: WorkerTeam(threadCount: threadCount))
    }

    /// The change at a size that is `depth` halvings away from the full one, by the slow twins of resampling.
    private func change(_ batch: Planes, depth: Int, store: ParameterStore) throws -> Planes {
        let halved = Reference.halved(batch)
        var input = halved
        if depth > 1 {
            let coarser = Reference.doubled(
                try change(halved, depth: depth - 1, store: store), height: halved.height, width: halved.width
            )
            for index in input.values.indices { input.values[index] += coarser.values[index] }
        }
        let session = try GradientSession(
            parameters: store, shape: BatchShape(count: 2, height: input.height, width: input.width),
            team: WorkerTeam(threadCount: 1))
        let output = session.forward(try AlignedBuffer(input.values.map { Float($0) })).floats
        var change = halved
        for index in change.values.indices {
            change.values[index] = Double(output[index]) - halved.values[index]
        }
        return change
    }

    @Test(arguments: [1, 2])
    func restoreFromTheCoarsestOn(depth: Int) throws {
        let store = try GoldenTraining.parameters()
        let batch = try image()
        let planes = Planes(
            channels: 6, height: 32, width: 64, values: batch.floats.map { Double($0) })
        let expected = Reference.doubled(
            try change(planes, depth: depth, store: store), height: 32, width: 64)
        try passes(store, depth: 2).run(batch, depth: depth)
        for (found, (before, change)) in zip(batch.floats, zip(planes.values, expected.values)) {
            #expect(abs(Double(found) - before - change) < 1e-5)
        }
    }

    @Test func depthZeroLeavesABatchAsItIs() throws {
        let batch = try image()
        try passes(try GoldenTraining.parameters(), depth: 2).run(batch, depth: 0)
        #expect(batch.floats == (try image()).floats)
    }

    /// 32 can be halved twice and stay a multiple of 8; more is not tried.
    @Test func levelsEndWithTheMultiplesOfEight() throws {
        let store = try GoldenTraining.parameters()
        let (deep, deepest) = (try image(), try image())
        try passes(store, depth: 2).run(deep, depth: 2)
        try passes(store, depth: 3).run(deepest, depth: 3)
        #expect(deep.floats == deepest.floats)
    }

    @Test func threadsChangeNoBit() throws {
        let store = try GoldenTraining.parameters()
        let (one, three) = (try image(), try image())
        try passes(store, depth: 2, threadCount: 1).run(one, depth: 2)
        try passes(store, depth: 2, threadCount: 3).run(three, depth: 2)
        #expect(one.floats == three.floats)
    }
}
