import Dispatch
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
    package let budget: MemoryBudget
    /// Returns whether the system would provide so many bytes now.
    private let isAvailable: @Sendable (Int) -> Bool

    /// - Parameters:
    ///   - budget: shared by all restorers of a process; by default a budget of the options' limit.
    ///   - isAvailable: for tests of a system that is short of memory.
    package init(
        network: Network, options: RestorationOptions, budget: MemoryBudget? = nil,
        isAvailable: @escaping @Sendable (Int) -> Bool = Self.systemGives
    ) {
        self.network = network
        self.options = options
        self.budget = budget ?? MemoryBudget(byteCount: options.memoryLimit)
        self.isAvailable = isAvailable
    }

    /// The number of attempts if the system refuses memory, each with fewer other pictures in work.
    private static let attemptCount = 3

    /// Reads, restores and writes one picture. Its head alone is read before its format and size are checked and memory
    /// is reserved for all that it takes, its file included.
    ///
    /// - Parameters:
    ///   - source: a PNG or JPEG file.
    ///   - session: must not be used by others meanwhile.
    ///   - onProgress: called often while there is progress, from any thread.
    ///   - onShare: called with the share of the network's work that is done, which grows from 0 to 1. It begins again if
    ///     memory was short.
    ///   - deliver: called once, with the result, while its memory is still reserved; what it returns is returned.
    package func restore<Output>(
        _ source: PictureSource, session: ForwardSession, onProgress: (@Sendable () -> Void)? = nil,
        onShare: ((Double) -> Void)? = nil, deliver: (RestoredPicture) -> Output
    ) throws(RestorationError) -> Output {
        let head = try readHead(source)
        let tiles = PictureTiles(
            network: network, options: options, head: head, threadCount: session.threadCount)
        var attempt = 1
        while true {
            do throws(RestorationError) {
                return try restore(
                    source, head, tiles, session: session, onProgress: onProgress, onShare: onShare,
                    deliver: deliver)
            } catch {
                guard error.isShortage, attempt < Self.attemptCount else { throw error }
            }
            // Other pictures may finish meanwhile.
            session.release()
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(200 * attempt))
            onProgress?()
            attempt += 1
        }
    }

    private func readHead(_ source: PictureSource) throws(RestorationError) -> PictureHead {
        do {
            let head = try PictureHeadReader.head(fileByteCount: source.byteCount, part: source.part)
            try options.limits.check(head)
            return head
        } catch let error as PictureError {
            throw .decode(error)
        } catch {
            throw .read(ReadFailure(cause: error))
        }
    }

    private func readWhole(_ source: PictureSource) throws(RestorationError) -> [UInt8] {
        do {
            return try source.whole()
        } catch {
            throw .read(ReadFailure(cause: error))
        }
    }

    private func restore<Output>(
        _ source: PictureSource, _ head: PictureHead, _ tiles: PictureTiles, session: ForwardSession,
        onProgress: (@Sendable () -> Void)?, onShare: ((Double) -> Void)?,
        deliver: (RestoredPicture) -> Output
    ) throws(RestorationError) -> Output {
        let byteCount = tiles.reservedByteCount
        session.expect(workingByteCount: tiles.workingByteCount)
        let output = try budget.reserving(byteCount, onWait: onProgress, isShortage: \.isShortage) {
            () throws(RestorationError) -> Output in
            guard isAvailable(byteCount) else {
                throw .outOfMemory("memory is short: the system does not give \(byteCount >> 20) MB")
            }
            let bytes = try readWhole(source)
            onProgress?()
            return deliver(
                try restore(
                    bytes, head, in: tiles, session: session, onProgress: onProgress, onShare: onShare))
        }
        guard let output else { throw .tooLarge(needed: byteCount, budget: budget.byteCount) }
        return output
    }

    private func restore(
        _ bytes: [UInt8], _ head: PictureHead, in planned: PictureTiles, session: ForwardSession,
        onProgress: (@Sendable () -> Void)?, onShare: ((Double) -> Void)?
    ) throws(RestorationError) -> RestoredPicture {
        var tiles = planned
        let picture = try decoded(bytes, head)
        let (restored, report) = try restore(
            picture, in: &tiles, session: session, onProgress: onProgress, onShare: onShare)
        let plan = tiles.plan(height: restored.height, width: restored.width)
        let format = options.format.format(for: restored.format)
        return RestoredPicture(
            bytes: try encoded(restored), format: format,
            width: restored.width, height: restored.height, tileCount: plan?.tileCount ?? 1,
            report: report, warnings: restored.warnings + restored.omissions(in: format),
            reservedByteCount: tiles.reservedByteCount)
    }

    private func decoded(_ bytes: [UInt8], _ head: PictureHead) throws(RestorationError) -> Picture {
        do throws(PictureError) {
            return try PictureCodec.decode(bytes, as: head)
        } catch {
            throw .codec(error, at: RestorationError.decode)
        }
    }

    private func restore(
        _ picture: Picture, in tiles: inout PictureTiles, session: ForwardSession,
        onProgress: (@Sendable () -> Void)?, onShare: ((Double) -> Void)?
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
            var work = WorkShare(
                totalPixelCount: totalPixelCount(height: picture.height, width: picture.width, in: &tiles))
            (result, scales) = try run(PixelConversion.tensor(of: picture), in: &tiles) { image in
                let pixelCount = image.height * image.width
                defer { work.finish(pixelCount) }
                return try session.forward(
                    image, onProgress: onProgress,
                    onShare: onShare.map { onShare in { onShare(work.share(with: $0, of: pixelCount)) } })
            }
        } catch NetworkError.outOfMemory(let byteCount) {
            throw .outOfMemory(
                "memory is short: the system does not give \(byteCount >> 20) MB for the network")
        } catch {
            throw .restore(String(describing: error))
        }
        guard result.values.allSatisfy(\.isFinite) else {
            throw .notFinite
        }
        onProgress?()
        CleanPictures.dropSmallChanges(of: picture, in: &result)
        PictureBlend.blend(picture, strength: options.strength, in: &result)
        var restored = PixelConversion.picture(picture, with: result)
        restored.unlinkExifThumbnail()
        let report = RestorationReport(
            scales: scales, strength: options.strength, change: PictureChange(from: picture, to: restored))
        return (restored, report)
    }

    private func encoded(_ picture: Picture) throws(RestorationError) -> [UInt8] {
        do {
            return try PictureCodec.encode(
                picture, format: options.format.format(for: picture.format), jpegQuality: options.jpegQuality)
        } catch {
            throw .codec(error, at: RestorationError.encode)
        }
    }

    /// The pixels of all pieces that the network gets of a picture.
    private func totalPixelCount(height: Int, width: Int, in tiles: inout PictureTiles) -> Int {
        options.scales.pyramid(height: height, width: width).sizes.reduce(0) { count, size in
            let pieces = tiles.plan(height: size.height, width: size.width).map(\.pixelCount)
            return count + (pieces ?? size.height * size.width) * (options.usesSelfEnsemble ? 8 : 1)
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

extension Restorer {
    /// Returns whether the system would provide so many bytes now, by mapping and unmapping them untouched. Swift's arrays
    /// end the process if there is no memory for them, so this is tried before.
    package static let systemGives: @Sendable (Int) -> Bool = { byteCount in
        (try? AlignedBuffer(count: (byteCount + spare) / 4)) != nil
    }

    /// The bytes for the stacks of threads and small allocations.
    private static let spare = 32 << 20
}
