import ArrayFiles
import Files
import Images

/// Makes `pred.npz` from a folder of pictures, as numpy's `savez` would write it, with one uint8 array (3, H,
/// W) for each picture, and `submission.zip`, which contains it.
///
/// - Keys are the paths relative to the folder, with extension: `0.png`, and `night/0.png` in a subfolder. A
///   name that is not UTF-8 is escaped as `\xNN`.
/// - Values are the pixels decoded from the files. Alpha is dropped, grey fills all three planes, and 16 bits
///   are rounded to 8 (`(v + 128) / 257`).
/// - Arrays are sorted by key's bytes, and the bytes of the file depend only on names and pixels.
/// - One picture is in memory at a time. The files appear complete under their names, or not at all.
/// - Hidden and temporary files and files without a picture's extension are omitted.
package enum PredictionBundle {
    /// The array file's name in the submission.
    package static let entryName = "pred.npz"

    /// Runs the body while so many bytes of memory are reserved; returns false if they never can be.
    package typealias Reservation = (_ byteCount: Int, _ body: () throws -> Void) throws -> Bool

    /// The result of writing a bundle.
    package struct Summary: Sendable, Equatable {
        package struct Skipped: Sendable, Equatable {
            package let picture: Path
            package let reason: String
            /// The disk's error; nil if the picture itself is bad. After a disk error, the next bundle may
            /// contain the picture.
            package let fault: FileError?
        }

        package var pictureCount = 0
        /// The pictures, and the folders with all they contain, that could not be read and are missing in the bundle,
        /// with reasons.
        package var skipped: [Skipped] = []

        package init(pictureCount: Int = 0) {
            self.pictureCount = pictureCount
        }
    }

    /// Writes the bundle of all pictures in `folder` and below.
    ///
    /// A picture or folder that cannot be read is skipped and named in the summary.
    ///
    /// - Parameters:
    ///   - bundle: the path of the npz file; may be in `folder`.
    ///   - submission: the path of the zip file that contains the bundle; nil for none.
    ///   - isWanted: called with the path relative to the folder.
    ///   - onPicture: called after each picture with the number done and the number of all.
    ///   - reserving: runs its body while so many bytes of memory are reserved; false if they never can be.
    package static func write(
        folder: Path, to bundle: Path, submission: Path? = nil, limits: PictureLimits = PictureLimits(),
        where isWanted: (Path) -> Bool = { _ in true },
        onPicture: (_ done: Int, _ all: Int) -> Void = { _, _ in },
        reserving: Reservation = { _, body in
            try body()
            return true
        }
    ) throws -> Summary {
        var summary = Summary()
        let names = try WholeFiles.regularFiles(below: folder) {
            $0.isPicture && isWanted($0)
        } leavingOut: { inner, error in
            summary.skipped.append(
                Summary.Skipped(
                    picture: inner, reason: error.description, fault: error.isEnvironmental ? error : nil))
        }
        .sorted { key(of: $0).utf8.lexicographicallyPrecedes(key(of: $1).utf8) }
        guard !names.isEmpty else {
            if let fault = summary.skipped.compactMap(\.fault).first { throw fault }
            throw PredictionBundleError.noPictures(folder)
        }
        try write(
            names, of: folder, to: bundle, submission: submission, limits: limits, &summary,
            reserving: reserving, onPicture: onPicture)
        return summary
    }

    /// Returns a picture's key: the path as text, escaped if it is not UTF-8.
    private static func key(of name: Path) -> String { name.displayText }

    private static func write(
        _ names: [Path], of folder: Path, to bundle: Path, submission: Path?, limits: PictureLimits,
        _ summary: inout Summary, reserving: Reservation, onPicture: (_ done: Int, _ all: Int) -> Void
    ) throws {
        let file = try AtomicFile(bundle)
        let output = file.writer
        let npz = NpzWriter(to: output)
        for (index, name) in names.enumerated() {
            do {
                let picture = try BundledPicture(name, below: folder, limits: limits)
                let hasFitted = try reserving(picture.byteCount) {
                    let planes = try picture.planes()
                    try npz.add(key(of: name), shape: planes.shape, bytes: planes.bytes)
                }
                guard hasFitted else { throw picture.tooLarge }
                summary.pictureCount += 1
            } catch let error as UnreadablePicture {
                summary.skipped.append(
                    Summary.Skipped(picture: name, reason: error.reason, fault: error.fault))
            }
            onPicture(index + 1, names.count)
        }
        if summary.pictureCount == 0, let first = summary.skipped.first {
            throw PredictionBundleError.noneReadable(
                folder, count: names.count, first: first.picture, reason: first.reason)
        }
        try npz.finish()
        try output.flush()
        try publish(file, submission: submission)
    }

    /// Renames a complete bundle to its final name, and writes the submission if it is wanted.
    static func publish(_ file: consuming AtomicFile, submission: Path?) throws {
        guard let submission else {
            try file.commit()
            return
        }
        // The submission is made from the unpublished bundle. Either both files are new or neither is, except
        // for a crash between the two renames.
        let zipFile = try AtomicFile(submission)
        let zipOutput = zipFile.writer
        let zip = ZipWriter(to: zipOutput)
        try zip.addFile(entryName, path: file.temporaryPath, compression: .deflated)
        try zip.finish()
        try zipOutput.flush()
        try file.commit()
        try zipFile.commit()
    }
}
