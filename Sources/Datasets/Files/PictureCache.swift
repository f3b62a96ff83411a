import Files
import Images
import Synchronization

/// Decoded pictures, as many as fit.
///
/// What is in stays in: an epoch visits every picture once, in a new order each time, and evicting the least recently
/// used would throw out just what the next epoch begins with.
package final class PictureCache: Sendable {
    private struct Contents {
        var pictures: [Path: RGBPixels] = [:]
        var byteCount = 0
    }

    /// For training beside a network on a small machine: 650 photographs of 256×256.
    package static let defaultByteLimit = 128 << 20

    private let byteLimit: Int
    private let contents = Mutex(Contents())

    /// - Parameter byteLimit: bytes of pixels to keep at the most; 0 keeps none.
    package init(byteLimit: Int = defaultByteLimit) {
        self.byteLimit = byteLimit
    }

    package var byteCount: Int { contents.withLock { $0.byteCount } }

    /// The pixels of a file, decoded unless they are kept. Threads that ask for one picture at once may both decode
    /// it; the pixels are the same.
    func pixels(_ path: Path) throws -> RGBPixels {
        if let kept = contents.withLock({ $0.pictures[path] }) { return kept }
        let pixels = try PictureFile.pixels(path)
        contents.withLock { contents in
            guard contents.byteCount + pixels.samples.count <= byteLimit, contents.pictures[path] == nil
            else { return }
            contents.pictures[path] = pixels
            contents.byteCount += pixels.samples.count
        }
        return pixels
    }
}
