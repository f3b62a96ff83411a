import Images
import PromptIR

/// The format that restored pictures are written in.
public enum OutputFormat: String, Sendable, CaseIterable {
    /// That of the original.
    case same
    case png, jpeg

    /// The format that was asked for by name.
    public var fixed: PictureFormat? {
        switch self {
        case .same: nil
        case .png: .png
        case .jpeg: .jpeg
        }
    }

    /// The format for a picture that was read from `original`.
    public func format(for original: PictureFormat) -> PictureFormat {
        fixed ?? original
    }
}

/// How pictures are restored and written. Every default is what most people want.
public struct RestorationOptions: Sendable, Equatable {
    public static let defaultJPEGQuality = 95

    public var format: OutputFormat
    /// 1 to 100; only for JPEG.
    public var jpegQuality: Int
    /// At full size alone, or at smaller ones before it; outside of self-ensemble and tiles.
    public var scales: ScaleMode
    public var tile: TileMode
    /// Pixels that neighbouring tiles share at least; at most half of the tile counts.
    public var tileOverlap: Int
    /// The eight-fold self-ensemble: eight times the work for a little more quality.
    public var usesSelfEnsemble: Bool
    /// Pictures beyond these are refused by their header.
    public var limits: PictureLimits
    /// Bytes that one picture may take before `tile` = auto cuts it. It is part of the options because it
    /// decides on the result: the same picture must not come out different because others are in work.
    public var memoryLimit: Int

    public init(
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
