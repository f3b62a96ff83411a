import BFloat16Kernels
import EmulatedBFloat16Kernels
import Kernels
import Products
import Tensors

/// The builds of the kernels for bfloat16, of which every processor can run the emulated one. That of the matrix unit has
/// products of its own and the native one's other kernels.
enum BFloat16Build: String, CaseIterable {
    case emulated, native, matrixUnit

    static var runnable: [BFloat16Build] {
        allCases.filter {
            switch $0 {
            case .emulated: true
            case .native: Processor.hasBFloat16
            case .matrixUnit: Processor.hasMatrixUnit
            }
        }
    }

    var kernels: any RoundedKernels.Type {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.RoundedBuild.self
        case .native, .matrixUnit: BFloat16Kernels.RoundedBuild.self
        }
    }

    func multiply(_ operands: ProductOperands) {
        switch self {
        case .emulated, .native: kernels.multiply(operands)
        case .matrixUnit: MatrixUnitProduct.multiply(operands)
        }
    }
}

extension Precision {
    /// Those that this processor can compute, by emulation if need be.
    static var runnable: [Precision] { allCases.filter { $0 != .bfloat16AMX || Processor.hasMatrixUnit } }
}
