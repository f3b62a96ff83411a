import Images
import ProcessLimits
import PromptIR

/// The format of restored pictures.
package enum OutputFormat: String, Sendable, CaseIterable {
    /// The original's format.
    case same
    case png, jpeg

    /// The requested format; nil for the original's.
    package var fixed: PictureFormat? {
        switch self {
        case .same: nil
        case .png: .png
        case .jpeg: .jpeg
        }
    }

    /// Returns the format for a picture that was read from a file in format `original`.
    package func format(for original: PictureFormat) -> PictureFormat {
        fixed ?? original
    }
}

/// How pictures are restored and written. The defaults suit most people.
package struct RestorationOptions: Sendable, Equatable {
    package static let defaultJPEGQuality = 95

    package var format: OutputFormat
    /// The quality, 1 to 100, for JPEG only.
    package var jpegQuality: Int
    /// Whether smaller scales are restored before the full size. Each scale uses the self-ensemble and tiles.
    package var scales: ScaleMode
    package var tile: TileMode
    /// The least number of pixels that neighbouring tiles share, limited to half of a tile.
    package var tileOverlap: Int
    /// Whether to average over eight flips and turns: eight times the work for slightly better quality.
    package var usesSelfEnsemble: Bool
    /// The part of the restored picture in the result, 0 to 1; the rest is the original.
    package var strength: Double
    /// The picture sizes above which a picture is refused after its header is read.
    package var limits: PictureLimits
    /// The bytes that one picture may use before `tile` = auto cuts it. This is an option because it affects
    /// the result, which must not depend on the other pictures being processed.
    package var memoryLimit: Int

    package init(
        format: OutputFormat = .same, jpegQuality: Int = defaultJPEGQuality,
        scales: ScaleMode = .auto, tile: TileMode = .auto, tileOverlap: Int = TilePlan.defaultOverlap,
        usesSelfEnsemble: Bool = false, strength: Double = 1, limits: PictureLimits = PictureLimits(),
        memoryLimit: Int = MemoryLimit.detected()
    ) {
        self.format = format
        self.jpegQuality = jpegQuality
        self.scales = scales
        self.tile = tile
        self.tileOverlap = tileOverlap
        self.usesSelfEnsemble = usesSelfEnsemble
        self.strength = strength
        self.limits = limits
        self.memoryLimit = memoryLimit
    }
}
