import Files
import Glibc
import Images

/// A file of events that TensorBoard reads while it grows.
package struct EventFile: ~Copyable {
    package let path: Path
    private let file: AppendFile

    /// Starts a file in a folder, or continues the newest one there. Records beyond `step` and an incomplete last
    /// record are removed, so that a resumed run shows no step twice.
    ///
    /// - Parameters:
    ///   - folder: must exist.
    ///   - step: the last step to keep; nil starts a new file.
    ///   - wallTime: seconds since 1970.
    package init(in folder: Path, keepingThrough step: Int?, wallTime: Double = now()) throws(FileError) {
        let existing = try WholeFiles.regularFiles(below: folder) { Self.isEventFile($0) }.last
        let name = existing.flatMap { step == nil ? nil : $0 }
        let path = folder.appending(name ?? Path("events.out.tfevents.\(Int(wallTime)).promptir"))
        var bytes: [UInt8] = []
        if name != nil, let step {
            let found = try WholeFiles.read(path)
            bytes = Array(found.prefix(EventRecord.byteCount(keepingThrough: step, in: found)))
        }
        if bytes.isEmpty { bytes = EventRecord.bytes(.fileVersion, step: 0, wallTime: wallTime) }
        try AtomicFile.write(bytes, to: path)
        let file = try AppendFile(path)
        self.path = path
        self.file = file
    }

    /// Adds values of one step. TensorBoard stores them as float32 and marks those that are not finite.
    package func add(
        scalars: [(tag: String, value: Double)], step: Int, wallTime: Double = now()
    ) throws(FileError) {
        try write(.scalars(scalars), step: step, wallTime)
    }

    /// Adds a picture of one step, as the bytes of a PNG file.
    package func add(
        png: [UInt8], size: (width: Int, height: Int), tag: String, step: Int, wallTime: Double = now()
    ) throws(FileError) {
        try write(.image(tag: tag, png: png, width: size.width, height: size.height), step: step, wallTime)
    }

    /// Makes the added records durable.
    package func sync() throws(FileError) {
        try file.sync()
    }

    /// Returns the seconds since 1970.
    package static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private func write(
        _ content: EventRecord.Content, step: Int, _ wallTime: Double
    ) throws(FileError) {
        try file.write(EventRecord.bytes(content, step: step, wallTime: wallTime))
    }

    private static func isEventFile(_ path: Path) -> Bool {
        path.folder == "." && (path.text ?? "").contains("tfevents")
    }
}
