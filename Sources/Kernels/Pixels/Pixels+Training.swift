import Glibc
import Tensors

extension Pixels {
    /// Adds a row of `channels` values to `count` pixels, `stride` floats apart.
    static func add(
        _ row: FloatRun, channels: Int, to pixels: UnsafeMutablePointer<Float>, count: Int, stride: Int
    ) {
        for index in 0..<count {
            let pixel = pixels + index * stride
            for channel in 0..<channels { pixel[channel] += row.base[channel] }
        }
    }

    /// Adds each channel's sum over all pixels to `sums`, which gives the gradient of a bias. Each row is
    /// summed first.
    ///
    /// - Parameter sums: `map.stride` floats.
    static func addSums(_ map: FeatureMap, to sums: FloatRun) {
        for channel in 0..<map.channels {
            var total: Float = 0
            for y in 0..<map.height {
                var row: Float = 0
                for x in 0..<map.width { row += map.pixel(y, x)[channel] }
                total += row
            }
            sums.base[channel] += total
        }
    }

    /// Computes the gradient of `join` for the pixels in `range`: splits `gradient`'s channels into the two
    /// parts, overwriting or adding.
    package static func split(
        _ gradient: FeatureMap, first: FeatureMap, adding addsFirst: Bool, second: FeatureMap,
        adding addsSecond: Bool, pixels range: Range<Int>
    ) {
        for index in range {
            let pixel = gradient.base + index * gradient.stride
            take(pixel, first.base + index * first.stride, first.channels, first.stride, addsFirst)
            take(
                pixel + first.channels, second.base + index * second.stride, second.channels, second.stride,
                addsSecond)
        }
    }

    @inline(__always)
    private static func take(
        _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ stride: Int,
        _ adds: Bool
    ) {
        if adds {
            for index in 0..<count { target[index] += source[index] }
        } else {
            memcpy(target, source, count * 4)
            if stride > count { memset(target + count, 0, (stride - count) * 4) }
        }
    }
}
