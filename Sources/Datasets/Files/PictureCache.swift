import Files
import Images
import Synchronization

/// A cache of as many decoded pictures as fit.
///
/// Pictures are never evicted. An epoch visits every picture once, in a new order each time, so evicting the least
/// recently used would remove those that the next epoch begins with.
package final class PictureCache: Sendable {
    private struct Contents {
        var pictures: [Path: RGBPixels] = [:]
        var byteCount = 0
    }

    /// The default limit in bytes, which suits training on a small machine: 650 photographs of 256×256.
    package static let defaultByteLimit = 128 << 20

    private let byteLimit: Int
    private let contents = Mutex(Contents())

    /// - Parameter byteLimit: the most bytes of pixels to keep; 0 keeps none.
    package init(byteLimit: Int = defaultByteLimit) {
        self.byteLimit = byteLimit
    }

    package var byteCount: Int { contents.withLock { $0.byteCount } }

    /// Returns the pixels of a file, from the cache if possible. Two threads that request a picture at the same time
    /// may both decode it, to the same pixels.
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
