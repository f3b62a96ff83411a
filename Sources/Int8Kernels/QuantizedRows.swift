// The other builds use this file through symbolic links.

internal import CInt8
import Products

// Pixels made operands of a product in int8.
extension QuantizedBuild {
    /// Words of a panel of a pixel's operands.
    static var panelWords: Int { 16 / Operands.perWord }

    @inline(never)
    package static func quantize(_ operands: QuantizedPixels, source: UnsafePointer<Float>, isNarrow: Bool) {
        if isNarrow {
            quantize(operands) { Lanes(narrow: source + $0 * operands.sourceStride + $1 * 8) }
        } else {
            quantize(operands) { lanes(source + $0 * operands.sourceStride + $1 * 16) }
        }
    }

    @inline(__always)
    private static func quantize(
        _ operands: QuantizedPixels, features: (_ pixel: Int, _ panel: Int) -> Lanes
    ) {
        var largest = PixelGroup.emptyRows
        PixelGroup.forEach(of: operands.count) { first, count in
            findLargest(&largest, count, panelCount: operands.panelCount) { features(first + $0, $1) }
            quantize(operands, first, count, largest: largest, factors: Lanes(repeating: 1)) {
                features(first + $0, $1)
            }
        }
    }

    /// Finds the largest magnitudes of the lanes of a group's pixels.
    @inline(__always)
    static func findLargest(
        _ largest: inout PixelGroup.Rows, _ count: Int, panelCount: Int,
        values: (_ pixel: Int, _ panel: Int) -> Lanes
    ) {
        for pixel in 0..<count {
            var row = Lanes.zero
            for panel in 0..<panelCount { row = int8_larger_magnitude(row, values(pixel, panel)) }
            largest[pixel] = row
        }
    }

    /// Quantises the pixels of a group.
    ///
    /// - Parameters:
    ///   - largest: the largest magnitudes of each pixel's lanes.
    ///   - factors: what the scale of each pixel is multiplied by, because its values are not.
    @inline(__always)
    static func quantize(
        _ operands: QuantizedPixels, _ first: Int, _ count: Int, largest: PixelGroup.Rows, factors: Lanes,
        values: (_ pixel: Int, _ panel: Int) -> Lanes
    ) {
        let quantization = Quantization(largest: PixelGroup.maxima(largest, count))
        let scales = quantization.scales * factors
        for pixel in 0..<count { operands.scales[first + pixel] = scales[pixel] }
        let steps = PixelValues(quantization.factors)
        for pixel in 0..<count {
            let target = operands.target + (first + pixel) * operands.targetStride
            for panel in 0..<operands.panelCount {
                values(pixel, panel).storeOperands(steps[pixel], target + panel * panelWords)
            }
        }
    }
}
