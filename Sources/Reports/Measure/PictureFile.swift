import Files
import Images

/// An open picture's file of which only the head has been read.
struct PictureFile {
    private let file: Descriptor
    let head: PictureHead

    /// - Throws: `FileError`, or `PictureError` if it is no picture or exceeds a limit.
    init(_ picture: FoundPicture, limits: PictureLimits) throws {
        let files = FileSystem()
        let (file, byteCount) = try picture.open()
        head = try PictureHeadReader.head(fileByteCount: byteCount) { offset, count in
            try files.read(file, at: offset, byteCount: count)
        }
        try limits.check(head)
        self.file = file
    }

    func decode() throws -> Picture {
        try PictureCodec.decode(FileSystem().read(file, at: 0, byteCount: head.fileByteCount), as: head)
    }
}
