import Files
import Images
import Restoration
import Terminals

/// What decoding a restored picture and its original tells: all of a page that takes time.
struct Measurement: Sendable, Equatable {
    /// What keeps a picture from being shown beside its original.
    enum Note: Sendable, Equatable {
        case none
        case noOriginal
        case otherSize
        /// Why the original cannot be read.
        case unreadableOriginal(String)
        /// Why the restored picture cannot be read.
        case unreadable(String)
    }

    struct Scores: Sendable, Equatable {
        /// Of the original against the clean picture.
        var psnrBefore: Double?
        var psnr: Double
        var ssim: Double?
    }

    var width = 0
    var height = 0
    var note = Note.none
    /// Mean change in levels of 255; nil without an original.
    var meanChange: Double?
    /// Share of pixels that changed by more than 8 levels, 0 to 1.
    var changedShare: Double?
    var scores: Scores?
    /// Small JPEGs in base64.
    var before: String?
    var after: String?

    /// Decodes the pictures, one after another. What cannot be read is noted.
    init(
        _ item: ReportContents.Item, size: PreviewSize, limits: PictureLimits, reserving: Report.Reservation
    ) {
        do {
            let restored = try PictureFile(item.restored, limits: limits)
            var original: PictureFile?
            if let found = item.original {
                do {
                    original = try PictureFile(found, limits: limits)
                } catch {
                    note = .unreadableOriginal(String(describing: error))
                }
            } else {
                note = .noOriginal
            }
            let byteCount = Self.byteCount(restored.head, original?.head)
            let opened = original
            let hasFitted = try reserving(byteCount) {
                try measure(restored, opened, clean: item.clean, size: size, limits: limits)
            }
            if !hasFitted {
                note = .unreadable(
                    "it takes \(byteCount >> 20) MB of memory, more than the budget (memory-limit)")
            }
        } catch {
            note = .unreadable(String(describing: error))
        }
    }

    /// The most that is in memory at a time: the second file while it is decoded beside the first picture, or both
    /// pictures with their colours in eight bits.
    private static func byteCount(_ restored: PictureHead, _ original: PictureHead?) -> Int {
        let other = original?.decodedByteCount ?? 0
        return max(
            original?.decodingByteCount ?? 0, other + restored.decodingByteCount,
            other + restored.decodedByteCount + 3 * (restored.pixelCount + (original?.pixelCount ?? 0)))
    }

    private mutating func measure(
        _ restored: PictureFile, _ original: PictureFile?, clean: FoundPicture?, size: PreviewSize,
        limits: PictureLimits
    ) throws {
        var old: Picture?
        if let original {
            do {
                old = try original.decode()
            } catch {
                note = .unreadableOriginal(String(describing: error))
            }
        }
        let new = try restored.decode()
        (width, height) = (new.width, new.height)
        if let found = old, found.width != width || found.height != height {
            note = .otherSize
            old = nil
        }
        let colours = RGBPixels(new)
        after = try size.encode(colours, profile: new.iccProfile)
        if let old {
            let oldColours = RGBPixels(old)
            before = try size.encode(oldColours, profile: old.iccProfile)
            // Layout and depth differ where the result has another format.
            let change =
                old.layout == new.layout && old.samples.isEightBit == new.samples.isEightBit
                ? PictureChange(from: old, to: new)
                : PictureChange(from: oldColours.picture, to: colours.picture)
            (meanChange, changedShare) = (change.mean, change.share)
        }
        if let clean { scores = try? Self.scores(old, new, clean, limits) }
    }

    /// - Throws: if the clean picture cannot be read, or has another size.
    private static func scores(
        _ old: Picture?, _ new: Picture, _ clean: FoundPicture, _ limits: PictureLimits
    ) throws -> Scores {
        let clean = try PictureFile(clean, limits: limits).decode()
        return Scores(
            psnrBefore: try old.map { try ImageMetrics.psnr($0, clean) },
            psnr: try ImageMetrics.psnr(new, clean), ssim: try? ImageMetrics.ssim(new, clean))
    }
}

extension PixelSamples {
    fileprivate var isEightBit: Bool {
        if case .eightBit = self { true } else { false }
    }
}

/// The figures as an attribute of the page, from which the next page reads them.
extension Measurement {
    /// Words separated by spaces; "-" where there is none. Nil for what must be tried again.
    var attribute: String? {
        let code: String
        switch note {
        case .none: code = "both"
        case .noOriginal: code = "no-original"
        case .otherSize: code = "other-size"
        case .unreadable, .unreadableOriginal: return nil
        }
        let numbers = [meanChange, changedShare, scores?.psnrBefore, scores?.psnr, scores?.ssim]
        return ([code, "\(width)", "\(height)"] + numbers.map { fixed($0, 5) }).joined(separator: " ")
    }

    /// - Parameter pictures: the page's small pictures in base64, in its order.
    init?(attribute: String, pictures: [String]) {
        let words = attribute.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 8, let width = Int(words[1]), let height = Int(words[2]), width > 0, height > 0
        else { return nil }
        switch (words[0], pictures.count) {
        case ("both", 2): (note, before) = (.none, pictures[0])
        case ("no-original", 1): note = .noOriginal
        case ("other-size", 1): note = .otherSize
        default: return nil
        }
        after = pictures.last
        (self.width, self.height) = (width, height)
        let numbers = words[3...].map { Double($0) }
        (meanChange, changedShare) = (numbers[0], numbers[1])
        if let psnr = numbers[3] { scores = Scores(psnrBefore: numbers[2], psnr: psnr, ssim: numbers[4]) }
    }
}
