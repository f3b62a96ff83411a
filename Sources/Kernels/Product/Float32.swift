import Products
import WideProducts

/// The kernels of float32 for the current processor.
enum Float32 {
    static let build: any FloatKernels.Type =
        Processor.usesWideRegisters ? WideProducts.FloatBuild.self : Products.FloatBuild.self
}
