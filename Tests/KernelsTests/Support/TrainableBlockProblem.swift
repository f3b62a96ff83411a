import Glibc
import Kernels
import ReferenceKernels
import Tensors
import Testing

/// Half of a transformer block on two pictures, each in a group of its own, against central differences.
struct TrainableBlockProblem {
    /// What both halves do, under one name.
    struct Kernel {
        let packedCount: Int
        let sumCount: Int
        let reductionCount: Int
        let keptCount: Int
        let momentCount: Int
        let pictureScratchCount: Int
        let workerScratchCount: Int
        let pack: (FloatRun, PackPurpose) -> Void
        let forward:
            (FloatRun, FeatureMap, FeatureMap, KeptPanels, _ moments: FloatRun, TrainingScratch) -> Void
        let backward:
            (
                FloatRun, FeatureMap, FeatureMap, KeptPanels, _ moments: FloatRun, _ sums: FloatRun,
                TrainingScratch
            ) -> Void
        let reduce: (_ groups: FloatRun, _ groupCount: Int, _ scratch: FloatRun) -> Void
    }

    let channels: Int
    let size: MapSize
    let tensors: TrainableTensors
    /// From the tensors to one picture's output.
    let twin: ([String: [Double]], Planes) -> Planes

    /// - Parameter keeps: projected features stay in memory, as floats or bfloat16, or they are computed again.
    func compare(_ kernel: Kernel, keeps: ActivationKeeping, precision: TrainingPrecision = .float32) throws {
        let count = channels * size.pixelCount
        let inputs = (0..<2).map { Values.uniform("x\($0)", count) }
        let slopes = (0..<2).map { Values.uniform("slope\($0)", count) }
        let weights = try GuardedMemory(count: kernel.packedCount)
        let moments = try GuardedMemory(count: 2 * kernel.momentCount)
        let kept = try (0..<2).map { _ in try GuardedMemory(count: kernel.keptCount) }
        let sums = try GuardedMemory([Float](repeating: 0, count: 2 * kernel.sumCount))
        let reduction = try GuardedMemory(count: kernel.reductionCount)
        let picture = try GuardedMemory(count: kernel.pictureScratchCount)
        let team = WorkerTeam(threadCount: 2)
        let workers = try GuardedMemory(count: team.threadCount * kernel.workerScratchCount)
        let scratch = TrainingScratch(
            picture: picture.run, workers: workers.run, workerStride: kernel.workerScratchCount,
            team: team)
        var gradients: [String: [Float]] = [:]
        let maps = try inputs.map {
            try GuardedMap($0, channels: channels, height: size.height, width: size.width)
        }
        kernel.pack(weights.run, .forward)
        for index in 0..<2 {
            let output = try GuardedMap(channels: channels, height: size.height, width: size.width)
            kernel.forward(
                weights.run, maps[index].map, output.map, keeps.panels(kept[index].run),
                moments.run.advanced(by: index * kernel.momentCount), scratch)
            let expected = twin(tensors.doubles, planes(inputs[index].doubles))
            expectClose(
                output.planes, expected.values, within: precision.blockTolerance, "forward, \(precision)")
            #expect(output.paddingIsZero && output.guardsAreIntact && maps[index].guardsAreIntact)
        }
        // What was packed for the forward pass must not be missed.
        memset(weights.run.base, 0xFF, 4 * kernel.packedCount)
        kernel.pack(weights.run, keeps == .recomputed ? .recomputingBackward : .backward)
        for index in 0..<2 {
            let gradient = try GuardedMap(
                slopes[index], channels: channels, height: size.height, width: size.width)
            kernel.backward(
                weights.run, maps[index].map, gradient.map, keeps.panels(kept[index].run),
                moments.run.advanced(by: index * kernel.momentCount),
                sums.run.advanced(by: index * kernel.sumCount), scratch)
            gradients["x\(index)"] = gradient.planes
            #expect(gradient.paddingIsZero && gradient.guardsAreIntact && maps[index].planes == inputs[index])
        }
        kernel.reduce(sums.run, 2, reduction.run)
        gradients.merge(tensors.gradients) { $1 }
        #expect(tensors.guardsAreIntact)
        for memory in [weights, moments, sums, reduction, picture, workers] + kept {
            #expect(memory.guardsAreIntact)
        }

        var values = tensors.doubles
        for index in 0..<2 { values["x\(index)"] = inputs[index].doubles }
        CentralDifference.expect(
            gradients, of: values, slopes: slopes.flatMap(\.doubles),
            tolerance: max(keeps.tolerance, precision.blockTolerance)
        ) { values in
            (0..<2).flatMap { twin(values, planes(values["x\($0)"] ?? [])).values }
        }
    }

    private func planes(_ values: [Double]) -> Planes {
        Planes(channels: channels, height: size.height, width: size.width, values: values)
    }
}

/// Whether projected features are kept between the passes, and how.
enum ActivationKeeping: CaseIterable, Sendable {
    case recomputed, floats, rounded

    func panels(_ run: FloatRun) -> KeptPanels {
        switch self {
        case .recomputed: .none
        case .floats: .float32(run)
        case .rounded: .rounded(run)
        }
    }

    /// bfloat16 carries 8 bits.
    var tolerance: Double { self == .rounded ? 4e-2 : 1e-4 }
}

extension TrainingPrecision {
    /// For values around one.
    var blockTolerance: Double { self == .mixed ? 4e-2 : 1e-4 }
}

extension Reference.Filter {
    /// From tensors by name.
    init(_ values: [String: [Double]], _ weight: String, _ bias: String) {
        self.init(values[weight] ?? [], bias: values[bias])
    }
}
