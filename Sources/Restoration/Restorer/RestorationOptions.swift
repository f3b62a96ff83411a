import Images
import ProcessLimits
import PromptIR

/// The format that restored pictures are written in.
package enum OutputFormat: String, Sendable, CaseIterable {
    /// That of the original.
    case same
    case png, jpeg

    /// The format that was asked for by name.
    package var fixed: PictureFormat? {
        switch self {
        case .same: nil
        case .png: .png
        case .jpeg: .jpeg
        }
    }

    /// The format for a picture that was read from `original`.
    package func format(for original: PictureFormat) -> PictureFormat {
        fixed ?? original
    }
}

/// How pictures are restored and written. Every default is what most people want.
package struct RestorationOptions: Sendable, Equatable {
    package static let defaultJPEGQuality = 95

    package var format: OutputFormat
    /// 1 to 100; only for JPEG.
    package var jpegQuality: Int
    /// At full size alone, or at smaller ones before it; outside of self-ensemble and tiles.
    package var scales: ScaleMode
    package var tile: TileMode
    /// Pixels that neighbouring tiles share at least; at most half of the tile counts.
    package var tileOverlap: Int
    /// The eight-fold self-ensemble: eight times the work for a little more quality.
    package var usesSelfEnsemble: Bool
    /// Pictures beyond these are refused by their header.
    package var limits: PictureLimits
    /// Bytes that one picture may take before `tile` = auto cuts it. It is part of the options because it
    /// decides on the result: the same picture must not come out different because others are in work.
    package var memoryLimit: Int

    package init(
        format: OutputFormat = .same, jpegQuality: Int = defaultJPEGQuality,
        scales: ScaleMode = .auto, tile: TileMode = .auto, tileOverlap: Int = TilePlan.defaultOverlap,
        usesSelfEnsemble: Bool = false, limits: PictureLimits = PictureLimits(),
        memoryLimit: Int = MemoryLimit.detected()
    ) {
        self.format = format
        self.jpegQuality = jpegQuality
        self.scales = scales
        self.tile = tile
        self.tileOverlap = tileOverlap
        self.usesSelfEnsemble = usesSelfEnsemble
        self.limits = limits
        self.memoryLimit = memoryLimit
    }
}
