import ArrayFiles
import Files
import Images

/// `pred.npz` from a folder of pictures: what numpy's `savez` would write, one uint8 array (3, H, W) for each
/// picture, and `submission.zip` with it inside.
///
/// - Keys are the paths relative to the folder, with extension: `0.png`, and `night/0.png` in a subfolder. A name
///   that is not UTF-8 is escaped as `\xNN`.
/// - Values are the pixels that the files hold, decoded from them: alpha is dropped, grey is put into all three
///   planes, 16 bits are rounded to 8 (`(v + 128) / 257`).
/// - Arrays are sorted by key's bytes, and nothing but names and pixels decides a byte of the file.
/// - One picture is in memory at a time. The files appear whole, under their names, or not at all.
/// - Hidden and temporary files, and what has no picture's extension, are left out.
package enum PredictionBundle {
    /// The array file's name in the submission.
    package static let entryName = "pred.npz"

    /// What was written.
    package struct Summary: Sendable, Equatable {
        package struct Skipped: Sendable, Equatable {
            package let picture: Path
            package let reason: String
            /// Set where the disk refused: the picture may be whole, and another bundle may have it.
            package let fault: FileError?
        }

        package var pictureCount = 0
        /// Pictures, and folders with all they hold, that could not be read, and why: they are missing in the bundle.
        package var skipped: [Skipped] = []

        package init(pictureCount: Int = 0) {
            self.pictureCount = pictureCount
        }
    }

    /// Writes the bundle of all pictures in `folder` and below.
    ///
    /// A picture or folder that cannot be read is skipped and named in the summary.
    ///
    /// - Throws: `PredictionBundleError` where there is no picture, or none that can be read; `FileError` where the
    ///   folder cannot be read or the bundle not be written. What was there before then stays.
    /// - Parameters:
    ///   - bundle: path of the npz file; may lie in `folder`.
    ///   - submission: path of the zip file with the bundle in it, if wanted.
    ///   - isWanted: asked with the path relative to the folder.
    ///   - onPicture: called after each picture with the number done and the number of all.
    package static func write(
        folder: Path, to bundle: Path, submission: Path? = nil, limits: PictureLimits = PictureLimits(),
        where isWanted: (Path) -> Bool = { _ in true },
        onPicture: (_ done: Int, _ all: Int) -> Void = { _, _ in }
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
            onPicture: onPicture)
        return summary
    }

    /// A picture's key: the path's text, or, where that is not UTF-8, the path escaped.
    private static func key(of name: Path) -> String { name.displayText }

    private static func write(
        _ names: [Path], of folder: Path, to bundle: Path, submission: Path?, limits: PictureLimits,
        _ summary: inout Summary, onPicture: (_ done: Int, _ all: Int) -> Void
    ) throws {
        let file = try AtomicFile(bundle)
        let output = file.writer
        let npz = NpzWriter(to: output)
        for (index, name) in names.enumerated() {
            do {
                let planes = try PredictionPlanes(of: name, below: folder, limits: limits)
                try npz.add(key(of: name), shape: planes.shape, bytes: planes.bytes)
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

    /// Gives a whole bundle its name, and the submission with it, if wanted.
    static func publish(_ file: consuming AtomicFile, submission: Path?) throws {
        guard let submission else {
            try file.commit()
            return
        }
        // Made from the file that is not published yet: either both are new or, but for a crash between the two
        // renames, neither is.
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
