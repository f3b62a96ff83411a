/// Turns interleaved samples of shape (height, width, channelCount) upright. This happens in place unless the sides
/// are swapped; the result is then (width, height, channelCount) in a new array.
func oriented<Sample>(
    _ samples: consuming [Sample], _ orientation: ExifOrientation, width: Int, height: Int, channelCount: Int
) -> [Sample] {
    switch orientation {
    case .upright:
        return samples
    case .mirrored:
        for y in 0..<height {
            reversePixels(&samples, from: y * width, count: width, channelCount: channelCount)
        }
        return samples
    case .rotated180:
        reversePixels(&samples, from: 0, count: width * height, channelCount: channelCount)
        return samples
    case .flipped:
        let rowCount = width * channelCount
        for y in 0..<height / 2 {
            for i in 0..<rowCount {
                samples.swapAt(y * rowCount + i, (height - 1 - y) * rowCount + i)
            }
        }
        return samples
    case .transposed, .rotated90, .transversed, .rotated270:
        return exchangingSides(samples, orientation, width: width, height: height, channelCount: channelCount)
    }
}

private func reversePixels<Sample>(
    _ samples: inout [Sample], from first: Int, count: Int, channelCount: Int
) {
    for i in 0..<count / 2 {
        let left = (first + i) * channelCount
        let right = (first + count - 1 - i) * channelCount
        for c in 0..<channelCount {
            samples.swapAt(left + c, right + c)
        }
    }
}

/// Turns samples whose sides are swapped. `width` and `height` are the stored ones. Pixel (x, y) of the
/// result comes from column y and row x, one or both counted from the far end.
private func exchangingSides<Sample>(
    _ samples: [Sample], _ orientation: ExifOrientation, width: Int, height: Int, channelCount: Int
) -> [Sample] {
    let rowsFromEnd = orientation == .rotated90 || orientation == .transversed
    let columnsFromEnd = orientation == .rotated270 || orientation == .transversed
    // Working in squares keeps the source rows in the cache.
    let square = 32
    return [Sample](unsafeUninitializedCapacity: samples.count) { result, count in
        for top in stride(from: 0, to: width, by: square) {
            for left in stride(from: 0, to: height, by: square) {
                for y in top..<min(top + square, width) {
                    let column = columnsFromEnd ? width - 1 - y : y
                    for x in left..<min(left + square, height) {
                        let row = rowsFromEnd ? height - 1 - x : x
                        let source = (row * width + column) * channelCount
                        let target = (y * height + x) * channelCount
                        for c in 0..<channelCount {
                            result.initializeElement(at: target + c, to: samples[source + c])
                        }
                    }
                }
            }
        }
        count = samples.count
    }
}
