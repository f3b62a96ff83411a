import Files
import Images

/// Reads pictures from files and puts the path into every error.
enum PictureFile {
    /// Enough bytes for a PNG's header, and for a JPEG's unless long metadata come first.
    private static let headerByteCount = 1 << 16

    static func pixels(_ path: Path) throws -> RGBPixels {
        let bytes = try WholeFiles.read(path)
        do throws(PictureError) {
            return RGBPixels(try PictureCodec.decode(bytes))
        } catch {
            throw DatasetError.unreadable(path, error)
        }
    }

    /// Returns width and height as stored, before any EXIF orientation.
    static func storedSize(_ path: Path) throws -> PictureSize {
        let header: PictureHeader
        if let early = try? PictureCodec.readHeader(WholeFiles.readPrefix(path, byteCount: headerByteCount)) {
            header = early
        } else {
            let bytes = try WholeFiles.read(path)
            do throws(PictureError) {
                header = try PictureCodec.readHeader(bytes)
            } catch {
                throw DatasetError.unreadable(path, error)
            }
        }
        return PictureSize(width: header.width, height: header.height)
    }
}
