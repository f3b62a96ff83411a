import Files
import Images

/// A degraded picture and its clean original. Both have the same size.
package struct Pair: Sendable, Equatable {
    /// The degraded picture's name in its folder, for captions and messages.
    package let name: String
    package let degraded: RGBPixels
    package let clean: RGBPixels

    package init(name: String, degraded: RGBPixels, clean: RGBPixels) {
        precondition(degraded.width == clean.width && degraded.height == clean.height, "Pair: sizes differ")
        self.name = name
        self.degraded = degraded
        self.clean = clean
    }

    package var width: Int { clean.width }
    package var height: Int { clean.height }
}

/// A source of numbered pairs. The same index and choice give the same pair, on any thread and at any time.
package protocol PairSource: Sendable {
    var count: Int { get }

    /// Returns the name of a pair without reading it.
    func name(at index: Int) -> String

    /// Returns the file of a pair's clean picture.
    func cleanPath(at index: Int) -> Path

    /// Returns the size of the whole pair in pixels, as stored in the files' headers, that is, before any EXIF
    /// orientation. Throws if the two sides differ.
    func size(at index: Int) throws -> PictureSize

    /// Reads or makes a pair and crops both sides in the same way.
    ///
    /// - Throws: `DatasetError`, or `FileError` if the system refuses.
    func pair(at index: Int, _ choice: PatchChoice) throws -> Pair
}

/// Width and height in pixels.
package struct PictureSize: Sendable, Hashable, CustomStringConvertible {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    package var description: String { "\(width)×\(height)" }
}

/// Some pairs of a source, in the order given.
package struct PairSubset: PairSource {
    private let base: any PairSource
    private let indices: [Int]

    package init(of base: any PairSource, at indices: [Int]) {
        self.base = base
        self.indices = indices
    }

    package var count: Int { indices.count }
    package func name(at index: Int) -> String { base.name(at: indices[index]) }
    package func cleanPath(at index: Int) -> Path { base.cleanPath(at: indices[index]) }
    package func size(at index: Int) throws -> PictureSize { try base.size(at: indices[index]) }
    package func pair(at index: Int, _ choice: PatchChoice) throws -> Pair {
        try base.pair(at: indices[index], choice)
    }
}
