import Glibc
import Tensors

/// Simple operations on pixels.
package enum Pixels {
    /// Adds a row of values to `count` neighbouring pixels of a map, of which `pixels` is the first.
    package static func add(
        _ row: PaddedRow, to map: FeatureMap, at pixels: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch map.precision {
        case .float32:
            for index in 0..<count {
                let pixel = pixels + index * map.stride
                for channel in 0..<min(map.stride, row.buffer.count) { pixel[channel] += row.base[channel] }
            }
        case .bfloat16, .bfloat16AMX, .int8:
            BFloat16.build.add(
                row.base, panelCount: row.buffer.count / FeatureMap.lane, to: pixels, count: count,
                stride: map.stride)
        }
    }

    /// Joins two maps of one size and precision along the channels, for the pixels in `range`; padding becomes zero.
    /// `target` must not overlap the others.
    package static func join(
        _ first: FeatureMap, _ second: FeatureMap, target: FeatureMap, pixels range: Range<Int>
    ) {
        let width = 4 / target.precision.valuesPerWord
        let (firstBytes, bytes) = (first.channels * width, (first.channels + second.channels) * width)
        for index in range {
            let pixel = UnsafeMutableRawPointer(target.base + index * target.stride)
            memcpy(pixel, first.base + index * first.stride, firstBytes)
            memcpy(pixel + firstBytes, second.base + index * second.stride, bytes - firstBytes)
            if bytes < target.stride * 4 { memset(pixel + bytes, 0, target.stride * 4 - bytes) }
        }
    }

    /// Computes the mean of each channel over all pixels.
    ///
    /// Each row is summed before the rows are added, so that the error grows with the sides and not with the area.
    /// - Parameter means: twice the channels rounded up to panels: the means, then scratch.
    package static func means(_ map: FeatureMap, into means: FloatRun) {
        let stride = FeatureMap.paddedChannels(map.channels)
        let (totals, row) = (means.base, means.base + stride)
        memset(totals, 0, stride * 4)
        let scale = Vector8(repeating: 1 / Float(map.width))
        for y in 0..<map.height {
            sum(map, row: y, into: row)
            for vector in Swift.stride(from: 0, to: stride, by: 8) {
                store8(load8(totals + vector).addingProduct(load8(row + vector), scale), totals + vector)
            }
        }
        for channel in 0..<stride { totals[channel] /= Float(map.height) }
    }

    /// Sums each channel over a row of the map.
    private static func sum(_ map: FeatureMap, row y: Int, into sums: UnsafeMutablePointer<Float>) {
        let stride = FeatureMap.paddedChannels(map.channels)
        guard map.precision == .float32 else {
            return BFloat16.build.sums(
                map.pixel(y, 0), panelCount: stride / FeatureMap.lane, count: map.width, stride: map.stride,
                into: sums)
        }
        memset(sums, 0, stride * 4)
        for x in 0..<map.width {
            let pixel = map.pixel(y, x)
            for vector in Swift.stride(from: 0, to: stride, by: 8) {
                store8(load8(sums + vector) + load8(pixel + vector), sums + vector)
            }
        }
    }

    /// Returns a copy of a map's values in (channels, height, width) order, for tests.
    package static func planes(_ map: FeatureMap) -> [Float] {
        (0..<map.channels).flatMap { channel in
            (0..<map.pixelCount).map { pixel in
                switch map.precision {
                case .float32: return map.base[pixel * map.stride + channel]
                case .bfloat16, .bfloat16AMX, .int8:
                    let word = map.base[pixel * map.stride + channel / 2].bitPattern
                    return Float(bitPattern: channel % 2 == 0 ? word << 16 : word & 0xFFFF_0000)
                }
            }
        }
    }
}
