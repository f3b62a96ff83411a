import Files
import Foundation
import Images
import Reports
import TestSupport

/// Folders of pictures for a report, and the report.
final class ReportWorkplace: Sendable {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-report")
    }

    var root: Path { Path(folder.path) }
    var page: Path { root.appending("report.html") }

    /// Writes a picture of stripes; `level` is added to every sample.
    func picture(
        _ name: Path, level: UInt8 = 0, width: Int = 24, height: Int = 16, format: PictureFormat = .png
    ) throws {
        let samples = (0..<width * height * 3).map { UInt8($0 * 7 % 200) + level }
        let picture = RGBPixels(width: width, height: height, samples: samples).picture
        try write(try PictureCodec.encode(picture, format: format), to: name)
    }

    func write(_ bytes: [UInt8], to name: Path) throws {
        let path = root.appending(name)
        try WholeFiles.createFolders(path.folder)
        try AtomicFile.write(bytes, to: path)
    }

    func folders(
        degraded: Bool = false, spool: Bool = false, clean: Bool = false
    ) throws -> ReportFolders {
        ReportFolders(
            restored: root.appending("out"), degraded: degraded ? root.appending("in") : nil,
            spools: spool ? try ReportFolders.spools(in: root.appending("spool")) : [],
            clean: clean ? root.appending("clean") : nil)
    }

    func html() throws -> String { String(decoding: try WholeFiles.read(page), as: UTF8.self) }
}

/// The parts of a text between two others.
func parts(of text: String, from begin: String, to end: String) -> [String] {
    text.components(separatedBy: begin).dropFirst().map { $0.components(separatedBy: end)[0] }
}
