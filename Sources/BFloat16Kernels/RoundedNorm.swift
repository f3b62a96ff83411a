// The emulated build uses this file through a symbolic link.

extension RoundedBuild {
    @inline(never)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        PixelNorm(channels: channels, epsilon: epsilon).normalize(count, subtractsMean: subtractsMean) {
            Lanes(narrow: input + $0 * inputStride + $1 * 8)
        } write: {
            $0.storeNarrow(output + $1 * outputStride + $2 * 8)
        }
    }
}
