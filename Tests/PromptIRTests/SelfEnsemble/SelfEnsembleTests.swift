import PromptIR
import Tensors
import Testing

@Suite("Orientations")
struct OrientationTests {
    /// 2 rows of 3 pixels, three planes.
    static let image = ImageTensor(height: 2, width: 3, values: (0..<18).map(Float.init))

    @Test("there are eight, all different on an image without symmetry")
    func eight() {
        #expect(Set(Orientation.allCases).count == 8)
        let results = Orientation.allCases.map { $0.apply(to: Self.image) }
        for (index, result) in results.enumerated() {
            #expect(!results[..<index].contains(result))
        }
    }

    @Test("pixels go where they should")
    func pixels() {
        func firstPlane(_ orientation: Orientation) -> [Float] {
            Array(orientation.apply(to: Self.image).values[..<6])
        }
        #expect(firstPlane(.identity) == [0, 1, 2, 3, 4, 5])
        #expect(firstPlane(Orientation(flippedHorizontally: true)) == [2, 1, 0, 5, 4, 3])
        #expect(firstPlane(Orientation(flippedVertically: true)) == [3, 4, 5, 0, 1, 2])
        #expect(firstPlane(Orientation(transposed: true)) == [0, 3, 1, 4, 2, 5])
        #expect(firstPlane(Orientation(transposed: true, flippedVertically: true)) == [2, 5, 1, 4, 0, 3])
        let transposed = Orientation(transposed: true).apply(to: Self.image)
        #expect(transposed.height == 3 && transposed.width == 2 && transposed.channels == 3)
    }

    @Test("composition does what one after the other does, for all pairs", arguments: Orientation.allCases)
    func composition(first: Orientation) {
        for second in Orientation.allCases {
            let together = first.followed(by: second)
            #expect(together.apply(to: Self.image) == second.apply(to: first.apply(to: Self.image)))
            #expect(Orientation.allCases.contains(together))
        }
    }

    @Test("the inverse undoes, on both sides", arguments: Orientation.allCases)
    func inverse(orientation: Orientation) {
        #expect(orientation.followed(by: orientation.inverse) == .identity)
        #expect(orientation.inverse.followed(by: orientation) == .identity)
        for (height, width) in [(1, 1), (1, 5), (4, 4), (7, 3)] {
            let image = ImageTensor.noise(height: height, width: width)
            #expect(orientation.inverse.apply(to: orientation.apply(to: image)) == image)
        }
    }

    @Test("composition is associative")
    func associative() {
        for a in Orientation.allCases {
            for b in Orientation.allCases {
                for c in Orientation.allCases {
                    #expect(a.followed(by: b).followed(by: c) == a.followed(by: b.followed(by: c)))
                }
            }
        }
    }
}

@Suite("Self-ensemble")
struct SelfEnsembleTests {
    @Test(
        "the mean of eight unchanged images is the image, to the bit", arguments: [(1, 1), (3, 8), (16, 5)])
    func identity(height: Int, width: Int) {
        let image = ImageTensor.noise(height: height, width: width)
        var count = 0
        let result = SelfEnsemble.run(image) { oriented in
            count += 1
            return oriented
        }
        #expect(count == 8)
        #expect(result == image)
    }

    @Test("an addition that knows left from right comes out symmetric")
    func average() {
        let image = ImageTensor(height: 4, width: 4)
        let result = SelfEnsemble.run(image) { oriented in
            var marked = oriented
            marked.values[0] += 8
            return marked
        }
        // The first pixel of each orientation is one of the four corners, twice each.
        for (index, value) in result.values[..<16].enumerated() {
            #expect(value == ([0, 3, 12, 15].contains(index) ? 2 : 0))
        }
    }
}

extension Orientation {
    /// Returns this orientation followed by `next`.
    func followed(by next: Orientation) -> Orientation {
        let vertically = next.isTransposed ? isFlippedHorizontally : isFlippedVertically
        let horizontally = next.isTransposed ? isFlippedVertically : isFlippedHorizontally
        return Orientation(
            transposed: isTransposed != next.isTransposed,
            flippedVertically: vertically != next.isFlippedVertically,
            flippedHorizontally: horizontally != next.isFlippedHorizontally)
    }
}
