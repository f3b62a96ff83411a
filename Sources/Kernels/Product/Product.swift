import CProcessor
import Glibc
import Products
import WideProducts

/// Chooses the panel product for the current processor.
package enum Product {
    private static let usesWideRegisters = Processor.registerBitCount == 512

    /// Computes the product that `ProductOperands` describes.
    @inline(__always)
    package static func multiply(_ operands: ProductOperands) {
        if usesWideRegisters {
            WideProducts.PanelProduct.multiply(operands)
        } else {
            Products.PanelProduct.multiply(operands)
        }
    }

    /// Performs multiply-adds on registers only, and returns the number of floating-point operations.
    static func spin(stepCount: Int) -> Int {
        usesWideRegisters
            ? WideProducts.RegisterSpin.run(stepCount: stepCount)
            : Products.RegisterSpin.run(stepCount: stepCount)
    }
}

/// The instruction sets that this build requires (x86-64-v3) and those that the processor has.
package enum Processor {
    /// The names of missing instruction sets; empty if the kernels can run.
    package static var missingFeatures: [String] {
        var missing: [String] = []
        if processor_has_avx2() == 0 { missing.append("AVX2") }
        if processor_has_fma() == 0 { missing.append("FMA") }
        if processor_has_bmi2() == 0 { missing.append("BMI2") }
        if processor_has_f16c() == 0 { missing.append("F16C") }
        return missing
    }

    /// The register width that products use, in bits: the processor's, or 256 if the environment has
    /// `PROMPTIR_REGISTER_BITS=256`, for comparisons. The results are the same.
    package static let registerBitCount =
        processor_has_avx512() != 0 && getenv("PROMPTIR_REGISTER_BITS").map { strcmp($0, "256") } != 0
        ? 512 : 256
}
