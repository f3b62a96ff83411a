import Images
import ProcessLimits
import PromptIR
import Tensors

/// A restored picture as a file, with a report.
package struct RestoredPicture: Sendable, Equatable {
    /// The whole file.
    package let bytes: [UInt8]
    package let format: PictureFormat
    package let width: Int
    package let height: Int
    /// The number of tiles at full size; 1 if the picture was restored whole.
    package let tileCount: Int
    /// The scales used, and how much the picture was changed.
    package let report: RestorationReport
    /// Harmless oddities of the original, as text for a log.
    package let warnings: [String]
    /// The number of bytes reserved for the work.
    let reservedByteCount: Int
}

/// Turns a picture's file into the restored picture's file, with the same size, depth, layout, alpha and
/// metadata.
///
/// A restorer has no state: it serves any number of workers, each with its own session.
package struct Restorer: Sendable {
    package let network: Network
    package let options: RestorationOptions
    /// The memory budget shared with the other workers.
    let budget: MemoryBudget

    /// - Parameter budget: shared by all restorers of the process; by default a budget of the options' limit.
    package init(network: Network, options: RestorationOptions, budget: MemoryBudget? = nil) {
        self.network = network
        self.options = options
        self.budget = budget ?? MemoryBudget(byteCount: options.memoryLimit)
    }

    /// Reads, restores and writes one picture. Sizes are checked and memory is reserved before anything is
    /// allocated for pixels.
    ///
    /// - Parameters:
    ///   - bytes: a PNG or JPEG file.
    ///   - session: must not be used by others meanwhile.
    ///   - onProgress: called often while there is progress, from any thread.
    package func restore(
        _ bytes: [UInt8], session: ForwardSession, onProgress: (@Sendable () -> Void)? = nil
    ) throws(RestorationError) -> RestoredPicture {
        try PictureCodec.reading(bytes, limits: options.limits, failure: RestorationError.decode) {
            (reader) throws(RestorationError) in
            // EXIF's orientation may swap width and height, but the memory is the same.
            var tiles = PictureTiles(
                network: network, options: options, height: reader.header.height, width: reader.header.width)
            let byteCount = tiles.reservedByteCount
            return try budget.reserving(byteCount, onWait: onProgress) { () throws(RestorationError) in
                let picture: Picture
                do throws(PictureError) {
                    picture = try reader.decode()
                } catch {
                    throw .decode(error)
                }
                let (restored, report) = try restore(
                    picture, in: &tiles, session: session, onProgress: onProgress)
                let plan = tiles.plan(height: restored.height, width: restored.width)
                return RestoredPicture(
                    bytes: try encoded(restored), format: options.format.format(for: restored.format),
                    width: restored.width, height: restored.height, tileCount: plan?.tileCount ?? 1,
                    report: report, warnings: restored.warnings, reservedByteCount: byteCount)
            }
        }
    }

    private func restore(
        _ picture: Picture, in tiles: inout PictureTiles, session: ForwardSession,
        onProgress: (@Sendable () -> Void)?
    ) throws(RestorationError) -> (Picture, RestorationReport) {
        onProgress?()
        if options.format.format(for: picture.format) != picture.format {
            // The picture is encoded once before the long work, which shows at once what the other format
            // cannot hold, such as transparency.
            _ = try encoded(picture)
        }
        var result: ImageTensor
        let scales: ScaleReport
        do {
            (result, scales) = try run(PixelConversion.tensor(of: picture), in: &tiles) { image in
                try session.forward(image, onProgress: onProgress)
            }
        } catch {
            throw .restore(String(describing: error))
        }
        guard result.values.allSatisfy(\.isFinite) else {
            throw .notFinite
        }
        onProgress?()
        CleanPictures.dropSmallChanges(of: picture, in: &result)
        let restored = PixelConversion.picture(picture, with: result)
        return (
            restored, RestorationReport(scales: scales, change: PictureChange(from: picture, to: restored))
        )
    }

    private func encoded(_ picture: Picture) throws(RestorationError) -> [UInt8] {
        do {
            return try PictureCodec.encode(
                picture, format: options.format.format(for: picture.format), jpegQuality: options.jpegQuality)
        } catch {
            throw .encode(error)
        }
    }

    /// Runs the scales, within each scale the self-ensemble if it is on, within that the tiles if there are
    /// any, and within these `forward`.
    private func run(
        _ image: consuming ImageTensor, in tiles: inout PictureTiles,
        forward: (ImageTensor) throws -> ImageTensor
    ) throws -> (ImageTensor, ScaleReport) {
        let pyramid = options.scales.pyramid(height: image.height, width: image.width)
        func inTiles(_ image: ImageTensor) throws -> ImageTensor {
            guard let plan = tiles.plan(height: image.height, width: image.width) else {
                return try forward(image)
            }
            return try plan.run(image, body: forward)
        }
        return try pyramid.run(image) { image in
            options.usesSelfEnsemble ? try SelfEnsemble.run(image, body: inTiles) : try inTiles(image)
        }
    }
}
