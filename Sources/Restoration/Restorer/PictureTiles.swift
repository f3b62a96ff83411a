import PromptIR

/// How one picture is cut into tiles at each of its scales, and what memory that takes. Scales, and the self-ensemble's
/// transposes, have shapes of their own; each shape is planned once.
struct PictureTiles {
    private struct Shape: Hashable {
        let height: Int
        let width: Int
    }

    private let network: Network
    private let options: RestorationOptions
    /// What the picture itself takes whether it is cut or not: samples in and out, floats in and out, the blended
    /// result or the ensemble's sums, the file being written. Coarser scales need no more: while they are at work,
    /// there are floats of a few images of a quarter of the size instead of those for the way out.
    private let planesByteCount: Int
    private var plans: [Shape: TilePlan?] = [:]
    /// What to reserve: the network's working memory for the largest piece of any scale, and the picture's planes.
    private(set) var reservedByteCount = 0

    /// - Parameters:
    ///   - height, width: of the picture; swapped or not, the memory is the same.
    init(network: Network, options: RestorationOptions, height: Int, width: Int) {
        self.network = network
        self.options = options
        planesByteCount = height * width * (options.usesSelfEnsemble ? 112 : 64)
        // A scale may be restored whole and take more than a tile of the next finer one.
        let working = options.scales.pyramid(height: height, width: width).sizes.map { size in
            let piece = plan(height: size.height, width: size.width)?.largestTile ?? size
            return Self.workingByteCount(network, height: piece.height, width: piece.width)
        }
        reservedByteCount = (working.max() ?? 0) + planesByteCount
    }

    /// The tiles for an image of this shape; nil for the whole of it at once.
    mutating func plan(height: Int, width: Int) -> TilePlan? {
        let shape = Shape(height: height, width: width)
        if let known = plans[shape] { return known }
        let network = network
        let plan = options.tile.plan(
            height: height, width: width, overlap: options.tileOverlap,
            memoryLimit: options.memoryLimit - planesByteCount
        ) { Self.workingByteCount(network, height: $0, width: $1) }
        plans[shape] = .some(plan)
        return plan
    }

    /// What a forward pass takes. For one thread, whatever the session has: their scratch is small, and how a
    /// picture is cut must not depend on how many others are in work.
    private static func workingByteCount(_ network: Network, height: Int, width: Int) -> Int {
        ForwardSession.workingByteCount(network: network, height: height, width: width, threadCount: 1)
    }
}
