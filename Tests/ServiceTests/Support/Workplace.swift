import Files
import Foundation
import Images
import Service
import TestSupport

/// The folders of a spool and a configuration for them, with the default model and short waits.
struct Workplace: Sendable {
    let folder: TemporaryFolder
    var configuration = ServiceConfiguration()

    init() throws {
        folder = try TemporaryFolder("promptir-daemon")
        for name in ["in", "out"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: false)
        }
        configuration.inbox = Path(folder.path("in"))
        configuration.outbox = Path(folder.path("out"))
        configuration.model = Path(
            SharedFolder.packageRoot
                .appendingPathComponent("Sources/Restoration/Resources/compact.safetensors").path)
        configuration.settle = .milliseconds(50)
        configuration.rescan = .seconds(1)
        configuration.threads = 2
    }

    /// Puts a picture into the inbox, whole at once.
    func deliver(_ name: String, width: Int = 24, height: Int = 16, seed: Int = 1) throws {
        let samples = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * seed / 3 + $0 % 7) }
        let picture = Picture(
            width: width, height: height, layout: .rgb, samples: .eightBit(samples), format: .png)
        try deliver(name, bytes: PictureCodec.encode(picture, format: .png, jpegQuality: 95))
    }

    func deliver(_ name: String, bytes: [UInt8]) throws {
        let hidden = try folder.write(bytes, to: "in/.\(name)")
        try FileManager.default.moveItem(atPath: hidden, toPath: folder.path("in/\(name)"))
    }

    /// Names in a folder that are not hidden, sorted.
    func names(_ path: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(path))) ?? []
        return all.filter { !$0.hasPrefix(".") }.sorted()
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.path(path)) }

    /// Writes a configuration file for these folders and returns its path.
    func writeConfiguration(_ more: String = "") throws -> String {
        let text = """
            inbox = "\(configuration.inbox)"
            outbox = "\(configuration.outbox)"
            model = "\(configuration.model)"
            settle-seconds = 0.05
            rescan-seconds = 1
            threads = 2
            \(more)
            """
        return try folder.write(Array(text.utf8), to: "configuration.toml")
    }
}
