extension RGBPixels {
    /// Makes every pixel the mean of those that it covers, or a copy of the one it lies in.
    package func resampled(width newWidth: Int, height newHeight: Int) -> RGBPixels {
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * 3)
        for y in 0..<newHeight {
            let rows = y * height / newHeight..<max((y + 1) * height / newHeight, y * height / newHeight + 1)
            for x in 0..<newWidth {
                let columns = x * width / newWidth..<max((x + 1) * width / newWidth, x * width / newWidth + 1)
                for channel in 0..<3 {
                    var sum = 0
                    for row in rows {
                        for column in columns { sum += Int(samples[(row * width + column) * 3 + channel]) }
                    }
                    let count = rows.count * columns.count
                    result.append(UInt8((sum + count / 2) / count))
                }
            }
        }
        return RGBPixels(width: newWidth, height: newHeight, samples: result)
    }
}
