import Files
import Glibc

/// The page that a new one replaces: what was measured of pictures that have not changed is read from it.
///
/// It counts only if it is our own file. Even so, nothing of it is copied unchecked: figures are read as numbers, and
/// pictures as base64.
struct FormerPage {
    private let file: Descriptor
    /// Where the line of a picture is, by its key.
    private var places: [String: Range<Int>] = [:]

    private static let pieceByteCount = 1 << 20
    /// A line of a picture takes 300 kB at most.
    private static let maximumLineByteCount = 1 << 20
    private static let begin = Array("<article data-key=\"".utf8)
    private static let keyByteCount = 16

    /// Nil if there is no page, or none of ours.
    init?(_ path: Path) {
        let files = FileSystem()
        guard let name = FileName(bytes: path.name.bytes),
            let folder = try? files.openFolder(path: path.folder),
            let file = try? files.openFile(name, in: folder), let status = try? files.status(of: file),
            status.isRegularFile, status.owner == geteuid()
        else { return nil }
        self.file = file
        findLines(files, byteCount: status.byteCount)
    }

    private mutating func findLines(_ files: FileSystem, byteCount: Int) {
        var lineStart = 0
        var head: [UInt8] = []
        var offset = 0
        let headByteCount = Self.begin.count + Self.keyByteCount
        while offset < byteCount {
            guard let piece = try? files.read(file, at: offset, byteCount: Self.pieceByteCount),
                !piece.isEmpty
            else { return }
            var start = 0
            while start < piece.count {
                let end = piece[start...].firstIndex(of: UInt8(ascii: "\n"))
                head += piece[start..<(end ?? piece.count)].prefix(headByteCount - head.count)
                guard let end else { break }
                if head.starts(with: Self.begin) {
                    let key = String(decoding: head.dropFirst(Self.begin.count), as: UTF8.self)
                    places[key] = lineStart..<offset + end
                }
                head = []
                start = end + 1
                lineStart = offset + start
            }
            offset += piece.count
        }
    }

    /// What is in the page under a key; nil if there is nothing, or nothing that can be read.
    func entry(_ key: String) -> (measurement: Measurement, seconds: Double?)? {
        guard let place = places[key], place.count <= Self.maximumLineByteCount,
            let line = try? FileSystem().read(file, at: place.lowerBound, byteCount: place.count),
            line.count == place.count
        else { return nil }
        // Attributes are quoted and quotes in them escaped, so every second part is a value.
        let parts = line.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
        guard parts.count > 6 else { return nil }
        let pictures = parts.compactMap { Self.picture($0) }
        guard
            let measurement = Measurement(
                attribute: String(decoding: parts[3], as: UTF8.self), pictures: pictures)
        else { return nil }
        return (measurement, Double(String(decoding: parts[5], as: UTF8.self)))
    }

    private static func picture(_ value: ArraySlice<UInt8>) -> String? {
        guard value.starts(with: PictureLine.dataPrefix.utf8) else { return nil }
        let encoded = value.dropFirst(PictureLine.dataPrefix.utf8.count)
        guard encoded.allSatisfy(isBase64) else { return nil }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
