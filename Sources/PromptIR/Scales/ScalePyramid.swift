import Kernels
import Tensors

/// The scales of an image, restored from the coarsest to the finest.
///
/// With x_k the image made smaller by k (by means of 2×2 pixels) and R the restoration at one scale, the coarsest
/// result is R(x_K), and every finer one R(x_k + double(out_2k − x_2k)). The network sees the details of its scale
/// without the drops that the coarser scales removed. A scale that is not in the pyramid only passes on the change of
/// the coarser ones. An automatic pyramid tries each scale from the coarsest on and begins where the drops are found
/// (`ScaleDecision`); earlier trials are discarded.
package struct ScalePyramid: Sendable, Equatable {
    /// The requested factors, ascending from 1.
    package let asked: [Int]
    /// The factors for which the image is large enough.
    package let factors: [Int]
    /// Whether `ScaleDecision` chooses the scale at which restoration begins; otherwise it begins at the coarsest.
    package let isAutomatic: Bool
    /// The size of the image.
    package let height: Int
    package let width: Int

    /// - Parameter factors: ascending powers of two, from 1.
    init(factors: [Int], isAutomatic: Bool, height: Int, width: Int) {
        asked = factors
        let minimumSide = isAutomatic ? ScaleMode.automaticSide : ScaleMode.minimumSide
        let fitting = factors.filter { factor in
            factor == 1 || Self.length(min(height, width), at: factor) >= minimumSide
        }
        // The coarsest scale is only for comparison; by itself it decides nothing.
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
    /// With one scale, the result of `body` is returned unchanged. Beside the memory of `body` there are at most the
    /// image and, at the coarser scales, three more images of the scale's size. At full size there is only the input,
    /// which reuses the image's memory if the caller consumes the image.
    ///
    /// - Parameters:
    ///   - image: (3, H, W), of the pyramid's size. Traps if it has another.
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

    /// Returns the change of all scales coarser than `factor`, at twice that factor; nil if they change nothing.
    private func coarserChange<Failure: Error>(
        of image: ImageTensor, at factor: Int, levels: inout [ScaleReport.Level],
        body: (ImageTensor) throws(Failure) -> ImageTensor
    ) throws(Failure) -> ImageTensor? {
        guard let coarsest = factors.last, factor < coarsest else { return nil }
        return try change(in: image.halved(), at: 2 * factor, levels: &levels, body: body)
    }

    /// Returns the change of this scale and all coarser ones in `image`, which is x_k; nil if they change nothing.
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

    /// Halves a length repeatedly, rounding up each time.
    private static func length(_ length: Int, at factor: Int) -> Int {
        (length + factor - 1) / factor
    }
}
