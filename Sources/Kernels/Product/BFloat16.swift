import BFloat16Kernels
import EmulatedBFloat16Kernels
import Products

/// The kernels of `Precision.bfloat16` for the current processor. Whoever calls them has seen that
/// `Processor.missingFeatures(for:)` is empty.
enum BFloat16 {
    static let build: any RoundedKernels.Type =
        Processor.emulatesBFloat16 || !Processor.hasBFloat16
        ? EmulatedBFloat16Kernels.RoundedBuild.self : BFloat16Kernels.RoundedBuild.self
}
