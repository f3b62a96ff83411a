/// Whether an image is restored whole or in tiles: `auto`, `off` or a tile's size in pixels.
package enum TileMode: Sendable, Equatable, LosslessStringConvertible {
    /// The image is restored whole if the memory estimate fits into the limit, in tiles otherwise.
    case auto
    /// The image is always restored whole.
    case off
    /// The tiles have this many pixels in width and height.
    case size(Int)

    package init?(_ description: String) {
        switch description {
        case "auto": self = .auto
        case "off": self = .off
        default:
            guard let size = Int(description), size >= TilePlan.minimumTile else { return nil }
            self = .size(size)
        }
    }

    package var description: String {
        switch self {
        case .auto: "auto"
        case .off: "off"
        case .size(let size): String(size)
        }
    }

    /// The largest tile that `auto` chooses; larger ones change little.
    static let largestAutomaticTile = 2048

    /// Returns the plan for an image of this size, or nil if the image is restored whole.
    ///
    /// - Parameters:
    ///   - overlap: the number of pixels shared by neighbouring tiles, at most half of the tile.
    ///   - memoryLimit: the bytes that a forward pass may take, which only `auto` uses. The smallest tile is
    ///     used even if it does not fit, because there is no better choice.
    ///   - byteCount: returns the bytes of a forward pass over a given height and width.
    package func plan(
        height: Int, width: Int, overlap: Int, memoryLimit: Int,
        byteCount: (_ height: Int, _ width: Int) -> Int
    ) -> TilePlan? {
        switch self {
        case .off:
            return nil
        case .size(let size):
            return TilePlan(height: height, width: width, tile: size, overlap: overlap)
        case .auto:
            if byteCount(height, width) <= memoryLimit {
                return nil
            }
            var tile = Self.largestAutomaticTile
            while tile > TilePlan.minimumTile, byteCount(tile, tile) > memoryLimit {
                tile /= 2
            }
            return TilePlan(height: height, width: width, tile: tile, overlap: overlap)
        }
    }
}
