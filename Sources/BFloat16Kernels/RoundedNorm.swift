// The emulated build uses this file through a symbolic link.

extension RoundedBuild {
    @inline(never)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let norm = PixelNorm(channels: channels, epsilon: epsilon)
        for index in 0..<count {
            let pixel = input + index * inputStride
            let (mean, inverse) = norm.statistics { Lanes(narrow: pixel + $0 * 8) }
            let shift = subtractsMean ? Lanes(repeating: mean) : .zero
            let factor = Lanes(repeating: inverse)
            let target = output + index * outputStride
            for panel in 0..<norm.panelCount {
                ((Lanes(narrow: pixel + panel * 8) - shift) * factor).storeNarrow(target + panel * 8)
            }
        }
    }
}
