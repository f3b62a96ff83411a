import Kernels
import Tensors

/// The scales of an image, and the way from the coarsest to the finest.
///
/// With x_k the image made smaller by k (by means of 2×2 pixels) and R the restoration at one scale, the coarsest
/// result is R(x_K), and every finer one R(x_k + double(out_2k − x_2k)): the network sees the details of its scale,
/// with what the coarser scales took away already gone. Where a scale is none of the pyramid's, what the coarser ones
/// changed is passed on alone. An automatic pyramid tries each scale from the coarsest on and begins where the drops
/// are found (`ScaleDecision`); what was tried before is dropped.
package struct ScalePyramid: Sendable, Equatable {
    /// What was asked for: rising, from 1 on.
    package let asked: [Int]
    /// Those that the image is large enough for.
    package let factors: [Int]
    /// Whether restoration begins at the scale that `ScaleDecision` says; otherwise at the coarsest.
    package let isAutomatic: Bool
    /// Of the image.
    package let height: Int
    package let width: Int

    /// - Parameter factors: powers of two, rising, from 1 on.
    init(factors: [Int], isAutomatic: Bool, height: Int, width: Int) {
        asked = factors
        let minimumSide = isAutomatic ? ScaleMode.automaticSide : ScaleMode.minimumSide
        let fitting = factors.filter { factor in
            factor == 1 || Self.length(min(height, width), at: factor) >= minimumSide
        }
        // The coarsest is there to be compared with: alone it decides nothing.
        self.factors = isAutomatic && fitting.count < 3 ? [1] : fitting
        self.isAutomatic = isAutomatic
        self.height = height
        self.width = width
    }

    /// Height and width of the image at each of its scales, the full size first.
    package var sizes: [(height: Int, width: Int)] {
        factors.map { (Self.length(height, at: $0), Self.length(width, at: $0)) }
    }

    /// Restores an image with `body` at each scale, the coarsest first.
    ///
    /// With one scale `body`'s result is handed through untouched. Beside what `body` takes there are at most the
    /// image and, at the coarser scales, three more of the scale's size; at full size nothing but its input, which
    /// takes the image's place if the caller gives that away.
    ///
    /// - Parameters:
    ///   - image: (3, H, W), of the size that the pyramid was made for. Traps if it has another.
    ///   - body: gets (3, h, w) and must return the same shape.
    /// - Throws: what `body` throws.
    package func run<Failure: Error>(
        _ image: consuming ImageTensor, body: (ImageTensor) throws(Failure) -> ImageTensor
    ) throws(Failure) -> (image: ImageTensor, report: ScaleReport) {
        precondition(image.height == height && image.width == width, "ScalePyramid: another image's scales")
        var levels = asked.reversed().filter { !factors.contains($0) }
            .map { ScaleReport.Level(factor: $0, outcome: .leftOut) }
        var input = consume image
        if let change = try coarserChange(of: input, at: 1, levels: &levels, body: body) {
            input.addDoubled(change)
        }
        let output = try body(input)
        Self.check(output, isLike: input)
        return (output, ScaleReport(asked: asked, levels: levels))
    }

    /// What all scales coarser than `factor` change, at twice that factor; nil where they change nothing.
    private func coarserChange<Failure: Error>(
        of image: ImageTensor, at factor: Int, levels: inout [ScaleReport.Level],
        body: (ImageTensor) throws(Failure) -> ImageTensor
    ) throws(Failure) -> ImageTensor? {
        guard let coarsest = factors.last, factor < coarsest else { return nil }
        return try change(in: image.halved(), at: 2 * factor, levels: &levels, body: body)
    }

    /// What this scale and all coarser ones change in `image`, which is x_k; nil where they change nothing.
    private func change<Failure: Error>(
        in image: ImageTensor, at factor: Int, levels: inout [ScaleReport.Level],
        body: (ImageTensor) throws(Failure) -> ImageTensor
    ) throws(Failure) -> ImageTensor? {
        let coarser = try coarserChange(of: image, at: factor, levels: &levels, body: body)
        guard factors.contains(factor) else {
            return coarser?.doubled(height: image.height, width: image.width)
        }
        var input = image
        if let coarser { input.addDoubled(coarser) }
        var output = try body(input)
        Self.check(output, isLike: input)
        let change = ScaleChange(from: input, to: output)
        guard !isAutomatic || coarser != nil || ScaleDecision.begins(with: change, after: levels.last?.change)
        else {
            levels.append(ScaleReport.Level(factor: factor, outcome: .notNeeded(change)))
            return nil
        }
        levels.append(ScaleReport.Level(factor: factor, outcome: .kept(change)))
        output.subtract(image)
        return output
    }

    private static func check(_ output: ImageTensor, isLike input: ImageTensor) {
        precondition(
            output.channels == input.channels && output.height == input.height
                && output.width == input.width, "ScalePyramid: body changed the shape")
    }

    /// Halved again and again, rounded up each time.
    private static func length(_ length: Int, at factor: Int) -> Int {
        (length + factor - 1) / factor
    }
}
