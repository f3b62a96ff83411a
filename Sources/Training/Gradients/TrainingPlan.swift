import Kernels
import PromptIR
import Tensors

typealias MapIndex = Int
typealias RunIndex = Int

/// One operation of the network, forward and backward, over all pictures of a batch.
protocol TrainingNode: Sendable {
    func forward(_ context: PassContext)
    func backward(_ context: PassContext)
    var needs: NodeNeeds { get }
}

/// Floats of working memory that a node needs.
struct NodeNeeds {
    /// Weights, packed anew in each pass.
    var packed = 0
    /// Sums of gradients of each group of pictures.
    var sums = 0
    /// For each picture that is worked on.
    var picture = 0
    /// For each thread.
    var worker = 0
    /// For the whole batch.
    var shared = 0
}

/// The static plan of a training step for one batch shape: every node, every buffer with its lifetime, and its place
/// in one arena. A pure value, made before anything is allocated.
struct TrainingPlan: Sendable {
    /// Features of one picture.
    struct Map: Sendable {
        let channels: Int
        let height: Int
        let width: Int
        var count: Int { height * width * FeatureMap.paddedChannels(channels) }
    }

    /// Floats that a node keeps for each picture.
    struct Run: Sendable {
        let count: Int
        let node: Int
    }

    let shape: BatchShape
    let memory: MemoryPlan
    let threadCount: Int

    private(set) var nodes: [any TrainingNode] = []
    private(set) var maps: [Map] = []
    private(set) var runs: [Run] = []
    private(set) var valueOffsets: [Int] = []
    private(set) var gradientOffsets: [Int] = []
    private(set) var runOffsets: [Int] = []

    private(set) var packedOffset = 0
    private(set) var sumOffset = 0
    private(set) var sharedOffset = 0
    private(set) var pictureOffset = 0
    private(set) var pictureStride = 0
    private(set) var workerOffset = 0
    private(set) var workerStride = 0
    /// Floats of the whole arena.
    private(set) var total = 0

    /// How a node uses maps; by its index.
    private struct Use {
        var inputs: [MapIndex]
        var output: MapIndex
        /// Values that its backward pass reads.
        var keeps: [MapIndex]
        /// Its input's gradient takes the place of its output's.
        var inPlace: Bool
        /// Its input needs no gradient.
        var isFirst: Bool
    }
    private var uses: [Use] = []

    init(shape: BatchShape, memory: MemoryPlan, threadCount: Int) {
        self.shape = shape
        self.memory = memory
        self.threadCount = threadCount
    }

    // MARK: - Pictures and threads

    /// Pictures whose gradients are summed apart, and so side by side: fixed by the batch, since their number decides
    /// about roundings.
    static let largestGroupCount = 4

    var groupCount: Int { min(shape.count, Self.largestGroupCount) }

    func pictures(group: Int) -> Range<Int> {
        group * shape.count / groupCount..<(group + 1) * shape.count / groupCount
    }

    /// Threads that take a picture each; the others work inside of a picture.
    var pictureThreadCount: Int { min(groupCount, threadCount) }
    var innerThreadCount: Int { max(1, threadCount / pictureThreadCount) }

    // MARK: - Building

    mutating func map(channels: Int, height: Int, width: Int) -> MapIndex {
        maps.append(Map(channels: channels, height: height, width: width))
        return maps.count - 1
    }

    /// A run for the node that is added next.
    mutating func run(_ count: Int) -> RunIndex {
        runs.append(Run(count: FeatureMap.paddedChannels(count), node: nodes.count))
        return runs.count - 1
    }

    mutating func add(
        _ node: any TrainingNode, inputs: [MapIndex], output: MapIndex, keeps: [MapIndex] = [],
        inPlace: Bool = false, isFirst: Bool = false
    ) {
        nodes.append(node)
        uses.append(Use(inputs: inputs, output: output, keeps: keeps, inPlace: inPlace, isFirst: isFirst))
    }

    /// Whether a gradient has been written when a node's backward pass adds its part: of all nodes that read a map the
    /// last goes first. To be asked once all nodes are there.
    func addsGradient(node: Int, to map: MapIndex) -> Bool {
        uses[(node + 1)...].contains { $0.inputs.contains(map) }
    }

    /// Places everything. The last node's output is read, and its gradient written, by the session between the passes.
    mutating func layOut() {
        let count = nodes.count
        var values = [ClosedRange<Int>?](repeating: nil, count: maps.count)
        var gradients = [ClosedRange<Int>?](repeating: nil, count: maps.count)
        func touch(_ lifetimes: inout [ClosedRange<Int>?], _ map: Int, _ step: Int) {
            guard let old = lifetimes[map] else {
                lifetimes[map] = step...step
                return
            }
            lifetimes[map] = min(old.lowerBound, step)...max(old.upperBound, step)
        }
        let owner = gradientOwners()
        for (index, use) in uses.enumerated() {
            let back = 2 * count - index
            for map in use.inputs {
                touch(&values, map, index)
                if !use.isFirst { touch(&gradients, owner[map], back) }
            }
            touch(&values, use.output, index)
            touch(&gradients, owner[use.output], back)
            for map in use.keeps { touch(&values, map, back) }
        }
        if let last = uses.last {
            touch(&values, last.output, count)
            touch(&gradients, owner[last.output], count)
        }
        var needs: [ArenaLayout.Need] = []
        for (map, lifetime) in values.enumerated() {
            needs.append(need(maps[map].count, lifetime))
        }
        for (map, lifetime) in gradients.enumerated() {
            needs.append(need(maps[map].count, lifetime))
        }
        for run in runs { needs.append(need(run.count, run.node...2 * count - run.node)) }
        let (offsets, floats) = ArenaLayout.place(needs)
        valueOffsets = Array(offsets[..<maps.count])
        gradientOffsets = owner.map { offsets[maps.count + $0] }
        runOffsets = Array(offsets[(2 * maps.count)...])
        layOutScratch(after: floats)
    }

    private func need(_ count: Int, _ lifetime: ClosedRange<Int>?) -> ArenaLayout.Need {
        ArenaLayout.Need(count: lifetime == nil ? 0 : count * shape.count, lifetime: lifetime ?? 0...0)
    }

    /// The map in whose place a map's gradient lies.
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
