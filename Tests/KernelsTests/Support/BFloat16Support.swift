import BFloat16Kernels
import EmulatedBFloat16Kernels
import Kernels
import Products
import Tensors

/// The two builds of the kernels for bfloat16, of which every processor can run the emulated one.
enum BFloat16Build: String, CaseIterable {
    case emulated, native

    static var runnable: [BFloat16Build] {
        allCases.filter { $0 == .emulated || Processor.hasBFloat16 }
    }

    var kernels: any RoundedKernels.Type {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.RoundedBuild.self
        case .native: BFloat16Kernels.RoundedBuild.self
        }
    }
}

extension Precision {
    /// Those that this processor can compute, by emulation if need be.
    static var runnable: [Precision] { allCases.filter { $0 != .bfloat16AMX || Processor.hasMatrixUnit } }
}
