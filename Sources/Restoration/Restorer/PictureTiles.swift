import PromptIR

/// Cuts one picture into tiles at each of its scales, and computes the memory for that. Scales and the
/// self-ensemble's transposes have different shapes, and each shape is planned once.
struct PictureTiles {
    private struct Shape: Hashable {
        let height: Int
        let width: Int
    }

    private let network: Network
    private let options: RestorationOptions
    /// The memory for the picture itself, in bytes, whether it is cut or not: samples in and out, floats in
    /// and out, the blended result or the ensemble's sums, and the file being written. Coarser scales need no
    /// more: while they are processed, a few images of a quarter of the size exist instead of the output's
    /// floats.
    private let planesByteCount: Int
    private var plans: [Shape: TilePlan?] = [:]
    /// The bytes to reserve: the network's working memory for the largest piece of any scale, and the
    /// picture's planes.
    private(set) var reservedByteCount = 0

    /// - Parameters:
    ///   - height, width: the picture's size, in either order, which does not change the memory.
    init(network: Network, options: RestorationOptions, height: Int, width: Int) {
        self.network = network
        self.options = options
        planesByteCount = height * width * (options.usesSelfEnsemble ? 112 : 64)
        // A scale that is restored whole may need more memory than a tile of the next finer one.
        let working = options.scales.pyramid(height: height, width: width).sizes.map { size in
            let piece = plan(height: size.height, width: size.width)?.largestTile ?? size
            return Self.workingByteCount(network, height: piece.height, width: piece.width)
        }
        reservedByteCount = (working.max() ?? 0) + planesByteCount
    }

    /// Returns the tiles for an image of this shape, or nil if it is restored whole.
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

    /// Returns the bytes that a forward pass needs with one thread, however many the session has. The
    /// threads' scratch memory is small, and the tiles must not depend on how many other pictures are being
    /// processed.
    private static func workingByteCount(_ network: Network, height: Int, width: Int) -> Int {
        ForwardSession.workingByteCount(network: network, height: height, width: width, threadCount: 1)
    }
}
