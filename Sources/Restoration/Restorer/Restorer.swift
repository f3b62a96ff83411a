import Images
import PromptIR
import Tensors

/// A restored picture as a file, and what there is to say about it.
package struct RestoredPicture: Sendable, Equatable {
    /// The whole file.
    package let bytes: [UInt8]
    package let format: PictureFormat
    package let width: Int
    package let height: Int
    /// At full size; 1 where the picture was restored whole.
    package let tileCount: Int
    /// At which scales, and how much it was changed.
    package let report: RestorationReport
    /// What was odd but harmless in the original, in words for a log.
    package let warnings: [String]
    /// What was reserved for the work.
    let reservedByteCount: Int
}

/// A picture's file in, the restored picture's file out: the same size, depth, layout, alpha and metadata.
///
/// Holds nothing but its parts: one restorer serves any number of workers, each with its own session.
package struct Restorer: Sendable {
    package let network: Network
    package let options: RestorationOptions
    /// Memory shared with the other workers.
    let budget: MemoryBudget

    /// - Parameter budget: shared by all restorers of the process; by default of the options' limit.
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
    ///   - session: used by nobody else meanwhile.
    ///   - onProgress: called often while there is progress, from any thread.
    package func restore(
        _ bytes: [UInt8], session: ForwardSession, onProgress: (@Sendable () -> Void)? = nil
    ) throws(RestorationError) -> RestoredPicture {
        let header: PictureHeader
        do {
            header = try PictureCodec.readHeader(bytes)
            try options.limits.check(header)
        } catch {
            throw .decode(error)
        }
        // EXIF's orientation may yet swap width and height: the plan is made anew then, the memory is the same.
        let byteCount = byteCount(height: header.height, width: header.width)
        return try budget.reserving(byteCount, onWait: onProgress) { () throws(RestorationError) in
            let (picture, report) = try restored(bytes, session: session, onProgress: onProgress)
            let planes = planesByteCount(height: picture.height, width: picture.width)
            let tiles = plan(height: picture.height, width: picture.width, besides: planes)
            return RestoredPicture(
                bytes: try encoded(picture), format: options.format.format(for: picture.format),
                width: picture.width, height: picture.height, tileCount: tiles?.tileCount ?? 1,
                report: report, warnings: picture.warnings, reservedByteCount: byteCount)
        }
    }

    /// The tiles for a picture, or one of its scales, of this size; nil for the whole of it at once.
    ///
    /// - Parameter planes: bytes that the picture itself takes, at full size whatever the scale.
    private func plan(height: Int, width: Int, besides planes: Int) -> TilePlan? {
        options.tile.plan(
            height: height, width: width, overlap: options.tileOverlap,
            memoryLimit: options.memoryLimit - planes, byteCount: workingByteCount)
    }

    /// What the picture itself takes whether it is cut or not: samples in and out, floats in and out, the blended
    /// result or the ensemble's sums, the file being written. Coarser scales need no more: while they are at work,
    /// there are floats of a few images of a quarter of the size instead of those for the way out.
    private func planesByteCount(height: Int, width: Int) -> Int {
        height * width * (options.usesSelfEnsemble ? 112 : 64)
    }

    /// What a forward pass takes. For one thread, whatever the session has: their scratch is small, and how a
    /// picture is cut must not depend on how many others are in work.
    private func workingByteCount(height: Int, width: Int) -> Int {
        ForwardSession.workingByteCount(network: network, height: height, width: width, threadCount: 1)
    }

    private func restored(
        _ bytes: [UInt8], session: ForwardSession, onProgress: (@Sendable () -> Void)?
    ) throws(RestorationError) -> (Picture, RestorationReport) {
        let picture: Picture
        do {
            picture = try PictureCodec.decode(bytes, limits: options.limits)
        } catch {
            throw .decode(error)
        }
        onProgress?()
        if options.format.format(for: picture.format) != picture.format {
            // What the other format cannot hold (transparency, for one) shows before the long work, not after.
            _ = try encoded(picture)
        }
        var result: ImageTensor
        let scales: ScaleReport
        do {
            (result, scales) = try run(PixelConversion.tensor(of: picture)) { image in
                try session.forward(image, onProgress: onProgress)
            }
        } catch {
            throw .restore(String(describing: error))
        }
        guard result.values.allSatisfy(\.isFinite) else {
            throw .restore("the network's result is not finite: are these weights whole, and trained?")
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

    /// The scales around the self-ensemble, if it is on, around the tiles, if there are any, around `forward`.
    private func run(
        _ image: consuming ImageTensor, forward: (ImageTensor) throws -> ImageTensor
    ) throws -> (ImageTensor, ScaleReport) {
        let planes = planesByteCount(height: image.height, width: image.width)
        let pyramid = options.scales.pyramid(height: image.height, width: image.width)
        func inTiles(_ image: ImageTensor) throws -> ImageTensor {
            // Planned here and not once: scales, and the self-ensemble's transposes, have another shape.
            guard let plan = plan(height: image.height, width: image.width, besides: planes) else {
                return try forward(image)
            }
            return try plan.run(image, body: forward)
        }
        return try pyramid.run(image) { image in
            options.usesSelfEnsemble ? try SelfEnsemble.run(image, body: inTiles) : try inTiles(image)
        }
    }

    /// What to reserve: the network's working memory for the largest piece of any scale, and the picture's planes.
    private func byteCount(height: Int, width: Int) -> Int {
        let planes = planesByteCount(height: height, width: width)
        // A scale may be restored whole and take more than a tile of the next finer one.
        let working = options.scales.pyramid(height: height, width: width).sizes.map { size in
            let piece = plan(height: size.height, width: size.width, besides: planes)?.largestTile ?? size
            return workingByteCount(height: piece.height, width: piece.width)
        }
        return (working.max() ?? 0) + planes
    }
}
