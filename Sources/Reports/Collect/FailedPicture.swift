import Files
import FoundationEssentials
import Images
import Spool

/// A picture without a restored one, and why.
struct FailedPicture: Sendable {
    let name: Path
    let byteCount: Int
    /// What went wrong, in a sentence.
    let summary: String
    /// The program's message, which says more.
    let message: String
    let attempts: Int?
    /// When it was given up, as the spool recorded it.
    let time: String?

    /// The largest reason that is read; the spool writes a few hundred bytes.
    private static let maximumReasonByteCount = 64 << 10

    /// Reads the reason that the spool put beside a picture in `failed/`.
    init(_ picture: FoundPicture) {
        name = Originals.deliveredName(picture.file)
        byteCount = picture.status.byteCount
        let reason = Self.reason(beside: picture)
        summary = Self.sentence(for: reason?.code)
        message = reason?.message ?? "No reason is beside the picture."
        attempts = reason?.attempts
        time = reason?.time
    }

    /// An original without a restored picture, for which nobody wrote down a reason. Reading it may tell one.
    ///
    /// - Parameter decodes: whether to read all of it and not only its head.
    init(notRestored picture: FoundPicture, limits: PictureLimits, decodes: Bool) {
        name = picture.file
        byteCount = picture.status.byteCount
        (attempts, time) = (nil, nil)
        do {
            let file = try PictureFile(picture, limits: limits)
            if decodes { _ = try file.decode() }
            summary = "There is no restored picture of this name."
            message = "Restore the folder again to see what is wrong."
        } catch {
            summary = "The file is not a picture that can be restored."
            message = String(describing: error)
        }
    }

    private struct Reason: Decodable {
        var code: String
        var message: String
        var attempts: Int?
        var time: String?
    }

    private static func reason(beside picture: FoundPicture) -> Reason? {
        guard let name = FileName(bytes: picture.file.name.bytes) else { return nil }
        let file = picture.file.names.dropLast().reduce(Path(bytes: [])) { $0.appending($1) }
            .appending(Path(reasonName(for: name)))
        guard
            let (opened, byteCount) = try? WholeFiles.openRegularFile(
                file, below: picture.folder, followingLink: false),
            byteCount <= maximumReasonByteCount,
            let bytes = try? FileSystem().read(opened, limit: maximumReasonByteCount)
        else { return nil }
        return try? JSONDecoder().decode(Reason.self, from: Data(bytes))
    }

    /// The codes of docs/SPOOL.md in words.
    private static func sentence(for code: String?) -> String {
        switch code {
        case "truncated": "The file ends too early."
        case "crashed": "The program ended each time it worked on this picture."
        case "output-conflict": "The restored picture could not be put into the outbox."
        case "superseded": "A newer file of this name arrived while this one was processed."
        case "conflict": "The spool held two pictures of this name."
        case "too-large": "The picture exceeds a limit."
        case "unreadable": "The file could not be read."
        case "decode": "The file is not a picture that can be read."
        case "restore": "The network gave no result for this picture."
        case "encode": "The result could not be written in the wanted format."
        default: "The picture was not restored."
        }
    }
}
