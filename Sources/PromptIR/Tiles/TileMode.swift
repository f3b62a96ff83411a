/// Whether an image is restored whole or in tiles: `auto`, `off` or a tile's size in pixels.
package enum TileMode: Sendable, Equatable, LosslessStringConvertible {
    /// Whole where the memory estimate fits into the limit, in tiles otherwise.
    case auto
    /// Always whole.
    case off
    /// Tiles of this many pixels in width and height.
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

    /// Tiles that `auto` prefers are at most this large: beyond it, larger tiles change little.
    static let largestAutomaticTile = 2048

    /// The plan for an image of this size, or nil for the whole image at once.
    ///
    /// - Parameters:
    ///   - overlap: pixels shared by neighbouring tiles, at most half of the tile.
    ///   - memoryLimit: bytes that a forward pass may take; only `auto` looks at it. The smallest tile is used even
    ///     where that does not fit: there is nothing better to try.
    ///   - byteCount: what a forward pass over a given height and width takes.
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
