import Products
import Tensors

extension Depthwise3x3 {
    /// Adds the gradient of a panel's taps: `Σ_pixels gradient · input` at each of the nine shifts. Each pair
    /// of rows is summed before it is added, so that the error grows with the sides and not with the area.
    ///
    /// - Parameters:
    ///   - input: has a zero border.
    ///   - taps: nine rows of 16 floats.
    static func addTapGradients(
        _ gradient: PixelPanels, panel: Int, input: BorderedPanels, inputPanel: Int,
        taps: UnsafeMutablePointer<Float>
    ) {
        var window = input.window(inputPanel)
        for y in stride(from: 0, to: gradient.height, by: 2) {
            let hasSecond = y + 1 < gradient.height
            Float32.build.addTapGradients(
                TapOperands(
                    first: gradient.row(panel, y), second: hasSecond ? gradient.row(panel, y + 1) : nil,
                    rows: window.rows(from: y - 1), count: gradient.width),
                to: taps)
        }
    }

    /// Adds the sums of a panel's 16 channels over all pixels to `sums`, which gives the gradient of a bias.
    ///
    /// - Parameter gradient: read row by row, so it may have a border.
    @inline(never)
    static func addSums(_ gradient: PixelPanels, panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for y in 0..<gradient.height {
            let row = UnsafePointer(gradient.row(panel, y))
            var low = Vector8.zero
            var high = Vector8.zero
            for x in 0..<gradient.width {
                low += load8(row + x * 16)
                high += load8(row + x * 16 + 8)
            }
            store8(load8(sums) + low, sums)
            store8(load8(sums + 8) + high, sums + 8)
        }
    }

    /// Adds the sums of squares of a panel's 16 channels over all pixels to `sums`. Each row is summed first.
    static func addSquares(_ source: PixelPanels, panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for y in 0..<source.height {
            addSquares(UnsafePointer(source.row(panel, y)), count: source.width, to: sums)
        }
    }

    /// Adds the sums of squares of 16 channels over `count` pixels, which follow each other, to `sums`.
    @inline(never)
    static func addSquares(
        _ pixels: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>
    ) {
        var low = Vector8.zero
        var high = Vector8.zero
        for index in 0..<count {
            let a = load8(pixels + index * 16)
            let b = load8(pixels + index * 16 + 8)
            low.addProduct(a, a)
            high.addProduct(b, b)
        }
        store8(load8(sums) + low, sums)
        store8(load8(sums + 8) + high, sums + 8)
    }
}
