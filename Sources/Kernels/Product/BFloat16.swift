import BFloat16Kernels
import EmulatedBFloat16Kernels
import Products

/// The kernels of `Precision.bfloat16` for the current processor. Whoever calls them has seen that
/// `Processor.missingFeatures(for:)` is empty.
enum BFloat16 {
    private static let isEmulated = Processor.emulatesBFloat16 || !Processor.hasBFloat16

    static let build: any RoundedKernels.Type =
        isEmulated ? EmulatedBFloat16Kernels.RoundedBuild.self : BFloat16Kernels.RoundedBuild.self

    /// Whether products of training are computed on the matrix unit, whose sums are rounded in another order.
    static let usesMatrixUnit = !isEmulated && Processor.hasMatrixUnit
}
