import Datasets
import Files
import Images
import Restoration

/// Pairs of one size without files: slopes, and the same darker.
struct MadePairs: PairSource {
    struct Fault: Error, Equatable {}

    let count: Int
    let side: Int
    /// Reading it fails.
    var faultyIndex: Int?

    /// What names begin with.
    var prefix = "pair"

    init(count: Int, side: Int = 32, faultyIndex: Int? = nil) {
        self.count = count
        self.side = side
        self.faultyIndex = faultyIndex
    }

    func name(at index: Int) -> String { "\(prefix) \(index)" }
    func cleanPath(at index: Int) -> Path { Path("pair-\(index)") }
    func size(at index: Int) throws -> PictureSize { PictureSize(width: side, height: side) }

    func pair(at index: Int, _ choice: PatchChoice) throws -> Pair {
        if index == faultyIndex { throw Fault() }
        let clean = (0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 * (index + 3) / 7) }
        return Pair(
            name: name(at: index),
            degraded: RGBPixels(width: side, height: side, samples: clean.map { $0 / 2 + 40 }),
            clean: RGBPixels(width: side, height: side, samples: clean))
    }
}
