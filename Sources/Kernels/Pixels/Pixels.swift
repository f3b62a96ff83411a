import Glibc
import Tensors

/// Simple operations on pixels.
package enum Pixels {
    /// Adds a row of values to `count` pixels, `stride` floats apart.
    package static func add(
        _ row: PaddedRow, to pixels: UnsafeMutablePointer<Float>, count: Int, stride: Int
    ) {
        for index in 0..<count {
            let pixel = pixels + index * stride
            for channel in 0..<min(stride, row.buffer.count) {
                pixel[channel] += row.base[channel]
            }
        }
    }

    /// Joins two maps of one size along the channels, for the pixels in `range`; padding becomes zero.
    /// `target` must not overlap the others.
    package static func join(
        _ first: FeatureMap, _ second: FeatureMap, target: FeatureMap, pixels range: Range<Int>
    ) {
        let padding = target.stride - first.channels - second.channels
        for index in range {
            let pixel = target.base + index * target.stride
            memcpy(pixel, first.base + index * first.stride, first.channels * 4)
            memcpy(pixel + first.channels, second.base + index * second.stride, second.channels * 4)
            if padding > 0 {
                memset(pixel + first.channels + second.channels, 0, padding * 4)
            }
        }
    }

    /// Computes the mean of each channel over all pixels.
    ///
    /// Each row is summed before the rows are added, so that the error grows with the sides and not with the area.
    /// - Parameter means: `2 · map.stride` floats: the means, then scratch.
    package static func means(_ map: FeatureMap, into means: FloatRun) {
        let stride = map.stride
        let (totals, row) = (means.base, means.base + stride)
        memset(totals, 0, stride * 4)
        let scale = Vector8(repeating: 1 / Float(map.width))
        for y in 0..<map.height {
            memset(row, 0, stride * 4)
            for x in 0..<map.width {
                let pixel = map.pixel(y, x)
                for vector in Swift.stride(from: 0, to: stride, by: 8) {
                    store8(load8(row + vector) + load8(pixel + vector), row + vector)
                }
            }
            for vector in Swift.stride(from: 0, to: stride, by: 8) {
                store8(load8(totals + vector).addingProduct(load8(row + vector), scale), totals + vector)
            }
        }
        for channel in 0..<stride { totals[channel] /= Float(map.height) }
    }

    /// Returns a copy of a map's values in (channels, height, width) order, for tests.
    package static func planes(_ map: FeatureMap) -> [Float] {
        (0..<map.channels).flatMap { channel in
            (0..<map.pixelCount).map { map.base[$0 * map.stride + channel] }
        }
    }
}
