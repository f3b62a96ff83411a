import Images
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
    /// The memory for the picture itself, whether it is cut or not; see ``fixedByteCount(_:usesSelfEnsemble:)``.
    private let fixedByteCount: Int
    private var plans: [Shape: TilePlan?] = [:]
    /// The bytes to reserve: the network's working memory for the largest piece of any scale, and the
    /// picture's planes.
    private(set) var reservedByteCount = 0
    /// The network's working memory for the largest piece, with the session's threads.
    private(set) var workingByteCount = 0

    /// - Parameters:
    ///   - head: the picture's. EXIF's orientation may swap width and height, but the memory is the same.
    ///   - threadCount: the session's.
    init(network: Network, options: RestorationOptions, head: PictureHead, threadCount: Int) {
        self.network = network
        self.options = options
        fixedByteCount = Self.fixedByteCount(head, usesSelfEnsemble: options.usesSelfEnsemble)
        let (height, width) = (head.header.height, head.header.width)
        // A scale that is restored whole may need more memory than a tile of the next finer one.
        for size in options.scales.pyramid(height: height, width: width).sizes {
            let tile = plan(height: size.height, width: size.width)?.largestTile
            let piece = tile ?? size
            let planes = tile == nil ? 0 : Self.planesByteCount(height: piece.height, width: piece.width)
            let least =
                fixedByteCount + planes
                + Self.workingByteCount(network, height: piece.height, width: piece.width)
            let working = ForwardSession.workingByteCount(
                network: network, height: piece.height, width: piece.width, threadCount: threadCount)
            workingByteCount = max(workingByteCount, working)
            let scratch =
                working - Self.workingByteCount(network, height: piece.height, width: piece.width)
            // The tiles do not depend on the number of threads, so neither may a refusal.
            reservedByteCount = max(reservedByteCount, least, min(least + scratch, options.memoryLimit))
        }
    }

    /// What a picture takes beside the network's work on a piece of it, in the largest of three phases. Decoding comes
    /// before there are floats, and encoding after. Restoring has the floats on the way in and out, 24 bytes for each
    /// pixel; the self-ensemble has its sums in double and three turned images too. Coarser scales take less than the
    /// floats on the way out. Measured with 3.8 megapixels: 27 bytes for each pixel with its samples.
    private static func fixedByteCount(_ head: PictureHead, usesSelfEnsemble: Bool) -> Int {
        let restoring = head.pixelCount * (usesSelfEnsemble ? 80 : 28)
        return max(
            head.decodingByteCount, head.decodedByteCount + max(restoring, head.encodingByteCount))
    }

    /// The floats of a tile on its way in and out.
    private static func planesByteCount(height: Int, width: Int) -> Int { 24 * height * width }

    /// Returns the tiles for an image of this shape, or nil if it is restored whole.
    mutating func plan(height: Int, width: Int) -> TilePlan? {
        let shape = Shape(height: height, width: width)
        if let known = plans[shape] { return known }
        let network = network
        let plan = options.tile.plan(
            height: height, width: width, overlap: options.tileOverlap,
            memoryLimit: options.memoryLimit - fixedByteCount
        ) {
            Self.workingByteCount(network, height: $0, width: $1)
                + ($0 == height && $1 == width ? 0 : Self.planesByteCount(height: $0, width: $1))
        }
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
