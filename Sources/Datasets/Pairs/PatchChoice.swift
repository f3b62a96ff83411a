import Images
import RandomNumbers
import Tensors

/// The part of a picture in a training example.
package enum PatchExtent: Sendable, Equatable, CustomStringConvertible {
    /// The whole picture, cropped to sides that the network accepts.
    case full
    /// A square of this side, a multiple of `NetworkSide.unit`.
    case square(Int)

    package var description: String {
        switch self {
        case .full: "full"
        case .square(let side): String(side)
        }
    }
}

/// All random choices for one example, as a pure function of seed, epoch and position.
package struct PatchChoice: Sendable {
    private enum Window: Sendable {
        case whole
        case patch(PatchExtent, RandomSequence)
    }

    private let window: Window
    private let mirrorsX: Bool
    private let mirrorsY: Bool
    /// The seed of synthetic weather.
    let weatherSeed: UInt64

    /// Chooses the example at a position of an epoch: a random place, and each mirroring with probability ½.
    package init(_ extent: PatchExtent, flips: Bool, seed: UInt64, epoch: Int, position: Int) {
        var numbers = RandomSequence(
            seed, Purpose.example.rawValue, UInt64(bitPattern: Int64(epoch)),
            UInt64(bitPattern: Int64(position)))
        mirrorsX = numbers.isTrue(withProbability: 0.5) && flips
        mirrorsY = numbers.isTrue(withProbability: 0.5) && flips
        weatherSeed = numbers.next()
        window = .patch(extent, numbers)
    }

    /// Chooses the whole picture, neither cropped nor mirrored, for validation. Synthetic weather then depends only
    /// on seed and index, so every epoch is validated on the same pictures.
    package static func whole(seed: UInt64, index: Int) -> PatchChoice {
        var numbers = RandomSequence(seed, Purpose.validation.rawValue, UInt64(bitPattern: Int64(index)))
        return PatchChoice(weatherSeed: numbers.next())
    }

    private init(weatherSeed: UInt64) {
        window = .whole
        mirrorsX = false
        mirrorsY = false
        self.weatherSeed = weatherSeed
    }

    /// Returns the size of the crop, or nil if the picture is too small for it.
    ///
    /// Full pictures are cropped to multiples of 8 at a random edge, by at most 7 pixels per side. (Padding by
    /// reflection, as in restoration, would make the loss count pixels that are in no photograph.)
    package static func cutSize(of size: PictureSize, for extent: PatchExtent) -> PictureSize? {
        switch extent {
        case .full:
            guard min(size.width, size.height) >= NetworkSide.unit else { return nil }
            let unit = NetworkSide.unit
            return PictureSize(width: size.width / unit * unit, height: size.height / unit * unit)
        case .square(let side):
            guard min(size.width, size.height) >= side else { return nil }
            return PictureSize(width: side, height: side)
        }
    }

    /// Crops pictures of one size at the same place. `name` is only for the error.
    func cut(_ pictures: [RGBPixels], name: String) throws(DatasetError) -> [RGBPixels] {
        guard case .patch(let extent, var numbers) = window else { return pictures }
        let size = PictureSize(width: pictures[0].width, height: pictures[0].height)
        guard let cutSize = Self.cutSize(of: size, for: extent) else {
            throw .tooSmall(name: name, size: size, extent: extent)
        }
        let x = numbers.below(size.width - cutSize.width + 1)
        let y = numbers.below(size.height - cutSize.height + 1)
        return pictures.map {
            $0.cut(
                x: x, y: y, width: cutSize.width, height: cutSize.height, mirrorsX: mirrorsX,
                mirrorsY: mirrorsY)
        }
    }
}

/// Keys that separate the sequences of different purposes.
enum Purpose: UInt64 {
    case example = 1
    case validation, order, split, synthesis
}
