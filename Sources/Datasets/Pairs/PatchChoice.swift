import Images
import RandomNumbers
import Tensors

/// How much of a picture a training example shows.
package enum PatchExtent: Sendable, Equatable, CustomStringConvertible {
    /// The whole picture, cut to sides that the network takes.
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

/// Everything that chance decides about one example, as a pure function of seed, epoch and position.
package struct PatchChoice: Sendable {
    private enum Window: Sendable {
        case whole
        case patch(PatchExtent, RandomSequence)
    }

    private let window: Window
    private let mirrorsX: Bool
    private let mirrorsY: Bool
    /// For weather that is made on the fly.
    let weatherSeed: UInt64

    /// The example at a position of an epoch: a random place, each mirroring with probability ½.
    package init(_ extent: PatchExtent, flips: Bool, seed: UInt64, epoch: Int, position: Int) {
        var numbers = RandomSequence(
            seed, Purpose.example.rawValue, UInt64(bitPattern: Int64(epoch)),
            UInt64(bitPattern: Int64(position)))
        mirrorsX = numbers.isTrue(withProbability: 0.5) && flips
        mirrorsY = numbers.isTrue(withProbability: 0.5) && flips
        weatherSeed = numbers.next()
        window = .patch(extent, numbers)
    }

    /// The whole picture, uncut and unmirrored, for validation: made weather depends on seed and index alone, so that
    /// every epoch is measured on the same pictures.
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

    /// The size of what is cut from a picture, or nil where the picture is too small for it.
    ///
    /// Full pictures lose what is beyond a multiple of 8, at most 7 pixels a side, at a random edge. (Padding by
    /// reflection, as restoration pads, would let the loss count pixels that are in no photograph.)
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

    /// Cuts pictures of one size at the same place. `name` is for the error alone.
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

/// Keys that keep the sequences of different purposes apart.
enum Purpose: UInt64 {
    case example = 1
    case validation, order, split, synthesis
}
