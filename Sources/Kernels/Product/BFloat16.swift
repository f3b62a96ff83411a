import BFloat16Kernels
import EmulatedBFloat16Kernels
import Products

/// The kernels of `Precision.bfloat16` for the current processor. Whoever calls them has seen that
/// `Processor.missingFeatures(for:)` is empty.
enum BFloat16 {
    static let build: any RoundedKernels.Type =
        Processor.emulatesBFloat16 || !Processor.hasBFloat16
        ? EmulatedBFloat16Kernels.RoundedBuild.self : BFloat16Kernels.RoundedBuild.self

    /// A value as the bits of a bfloat16, rounded to nearest, ties to even. Subnormal numbers become zero, and NaN
    /// stays one, as the instructions have it.
    static func bits(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        if value.isNaN { return bits >> 16 | 0x40 }
        if value.magnitude < .leastNormalMagnitude { return bits >> 16 & 0x8000 }
        return (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
    }

    /// Two neighbours along a product's depth in one word.
    static func word(_ first: Float, _ second: Float) -> Float {
        Float(bitPattern: bits(first) | bits(second) << 16)
    }
}
