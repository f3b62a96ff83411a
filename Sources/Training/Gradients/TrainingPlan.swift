import Kernels
import PromptIR
import Tensors

typealias MapIndex = Int
typealias RunIndex = Int

/// An operation of the network with its forward and backward pass, over all pictures of a batch.
protocol TrainingNode: Sendable {
    func forward(_ context: PassContext)
    func backward(_ context: PassContext)
    var needs: NodeNeeds { get }
}

/// The numbers of floats of working memory that a node needs.
struct NodeNeeds {
    /// For the weights, which each pass packs again.
    var packed = 0
    /// For the gradient sums of each group of pictures.
    var sums = 0
    /// For each picture that is processed concurrently.
    var picture = 0
    /// For each thread.
    var worker = 0
    /// For the whole batch.
    var shared = 0
}

/// The static plan of a training step for one batch shape: every node, every buffer with its lifetime, and
/// its place in one arena. It is a pure value, made before anything is allocated.
struct TrainingPlan: Sendable {
    /// The features of one picture.
    struct Map: Sendable {
        let channels: Int
        let height: Int
        let width: Int
        var count: Int { height * width * FeatureMap.paddedChannels(channels) }
    }

    /// The floats that a node keeps for each picture.
    struct Run: Sendable {
        let count: Int
        let node: Int
    }

    let shape: BatchShape
    let memory: MemoryPlan
    let precision: TrainingPrecision
    let threadCount: Int

    private(set) var nodes: [any TrainingNode] = []
    private(set) var maps: [Map] = []
    private(set) var runs: [Run] = []
    /// The offsets of features in the forward pass.
    private(set) var valueOffsets: [Int] = []
    /// The offsets of kept features in bfloat16, until the backward pass.
    private(set) var roundedOffsets: [Int] = []
    /// The offsets of features in the backward pass.
    private(set) var restoredOffsets: [Int] = []
    private(set) var gradientOffsets: [Int] = []
    private(set) var runOffsets: [Int] = []

    private(set) var packedOffset = 0
    private(set) var sumOffset = 0
    private(set) var sharedOffset = 0
    private(set) var pictureOffset = 0
    private(set) var pictureStride = 0
    private(set) var workerOffset = 0
    private(set) var workerStride = 0
    /// The number of floats in the whole arena.
    private(set) var total = 0

    /// How the node with the same index uses maps.
    private struct Use {
        var inputs: [MapIndex]
        var output: MapIndex
        /// The maps whose values its backward pass reads.
        var keeps: [MapIndex]
        /// Whether its input's gradient overwrites its output's.
        var inPlace: Bool
        /// Whether its input needs no gradient.
        var isFirst: Bool
    }
    private var uses: [Use] = []

    init(shape: BatchShape, memory: MemoryPlan, precision: TrainingPrecision, threadCount: Int) {
        self.shape = shape
        self.memory = memory
        self.precision = precision
        self.threadCount = threadCount
    }

    // MARK: - Pictures and threads

    /// The most groups of pictures, whose gradients are summed separately and therefore concurrently. The
    /// limit is fixed, because the number of groups affects rounding.
    static let largestGroupCount = 4

    var groupCount: Int { min(shape.count, Self.largestGroupCount) }

    func pictures(group: Int) -> Range<Int> {
        group * shape.count / groupCount..<(group + 1) * shape.count / groupCount
    }

    /// The number of threads that process a picture each; the others help within a picture.
    var pictureThreadCount: Int { min(groupCount, threadCount) }
    var innerThreadCount: Int { max(1, threadCount / pictureThreadCount) }

    // MARK: - Building

    mutating func map(channels: Int, height: Int, width: Int) -> MapIndex {
        maps.append(Map(channels: channels, height: height, width: width))
        return maps.count - 1
    }

    /// Adds a run for the node that is added next.
    mutating func run(_ count: Int) -> RunIndex {
        runs.append(Run(count: FeatureMap.paddedChannels(count), node: nodes.count))
        return runs.count - 1
    }

    /// Adds a run of `count` features in the plan's precision.
    mutating func panels(_ count: Int) -> RunIndex {
        run(precision == .mixed ? RoundedFeatures.floatCount(count) : count)
    }

    mutating func add(
        _ node: any TrainingNode, inputs: [MapIndex], output: MapIndex, keeps: [MapIndex] = [],
        inPlace: Bool = false, isFirst: Bool = false
    ) {
        nodes.append(node)
        uses.append(Use(inputs: inputs, output: output, keeps: keeps, inPlace: inPlace, isFirst: isFirst))
    }

    /// Whether the gradient exists already when a node's backward pass adds its part. Of all nodes that read
    /// a map, the last one comes first in the backward pass. The answer is valid once all nodes are added.
    func addsGradient(node: Int, to map: MapIndex) -> Bool {
        uses[(node + 1)...].contains { $0.inputs.contains(map) }
    }

    /// Returns the maps that a node's backward pass reads.
    func keptMaps(node: Int) -> [MapIndex] { uses[node].keeps }

    /// Assigns all offsets. Between the passes, the session reads the last node's output and writes its
    /// gradient.
    mutating func layOut() {
        let count = nodes.count
        let owner = gradientOwners()
        var values = Lifetimes(count: maps.count)
        var rounded = values
        var restored = values
        var gradients = values
        for (index, use) in uses.enumerated() {
            let back = 2 * count - index
            for map in use.inputs {
                values.touch(map, index)
                if !use.isFirst { gradients.touch(owner[map], back) }
            }
            values.touch(use.output, index)
            gradients.touch(owner[use.output], back)
            for map in use.keeps where precision == .float32 { values.touch(map, back) }
            for map in use.keeps where precision == .mixed {
                rounded.touch(map, index)
                rounded.touch(map, back)
                restored.touch(map, back)
            }
        }
        if let last = uses.last {
            values.touch(last.output, count)
            gradients.touch(owner[last.output], count)
        }
        let sizes = maps.map { $0.count * shape.count }
        let parts = [
            values.needs(sizes), rounded.needs(sizes.map(RoundedFeatures.floatCount)), restored.needs(sizes),
            gradients.needs(sizes),
        ]
        let kept = runs.map { run in
            ArenaLayout.Need(count: run.count * shape.count, lifetime: run.node...2 * count - run.node)
        }
        let (offsets, floats) = ArenaLayout.place(parts.flatMap { $0 } + kept)
        func part(_ index: Int) -> [Int] { Array(offsets[index * maps.count..<(index + 1) * maps.count]) }
        valueOffsets = part(0)
        roundedOffsets = part(1)
        restoredOffsets = precision == .mixed ? part(2) : valueOffsets
        gradientOffsets = owner.map { part(3)[$0] }
        runOffsets = Array(offsets[(4 * maps.count)...])
        layOutScratch(after: floats)
    }

    /// The first and last step that uses each map.
    private struct Lifetimes {
        private var steps: [ClosedRange<Int>?]

        init(count: Int) { steps = Array(repeating: nil, count: count) }

        mutating func touch(_ map: MapIndex, _ step: Int) {
            let old = steps[map] ?? step...step
            steps[map] = min(old.lowerBound, step)...max(old.upperBound, step)
        }

        /// Returns the needs of all maps; a map that no step uses takes no memory.
        func needs(_ sizes: [Int]) -> [ArenaLayout.Need] {
            zip(steps, sizes).map { steps, size in
                ArenaLayout.Need(count: steps == nil ? 0 : size, lifetime: steps ?? 0...0)
            }
        }
    }

    /// Returns for each map the one whose memory its gradient uses.
    private func gradientOwners() -> [Int] {
        var owner = Array(maps.indices)
        for use in uses.reversed() where use.inPlace {
            precondition(use.inputs.count == 1, "one gradient cannot take the place of several")
            owner[use.inputs[0]] = owner[use.output]
        }
        return owner
    }

    private mutating func layOutScratch(after floats: Int) {
        var largest = NodeNeeds()
        for needs in nodes.map(\.needs) {
            largest.packed = max(largest.packed, needs.packed)
            largest.sums = max(largest.sums, needs.sums * groupCount)
            largest.picture = max(largest.picture, needs.picture)
            largest.worker = max(largest.worker, needs.worker)
            largest.shared = max(largest.shared, needs.shared)
        }
        func padded(_ count: Int) -> Int { FeatureMap.paddedChannels(count) + 64 }
        packedOffset = floats
        sumOffset = packedOffset + padded(largest.packed)
        sharedOffset = sumOffset + padded(largest.sums)
        pictureOffset = sharedOffset + padded(largest.shared)
        pictureStride = padded(largest.picture)
        workerOffset = pictureOffset + pictureThreadCount * pictureStride
        workerStride = padded(largest.worker)
        total = workerOffset + pictureThreadCount * innerThreadCount * workerStride
    }
}
