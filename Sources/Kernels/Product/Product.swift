import BFloat16Kernels
import Products
import Tensors

extension FeatureMap {
    /// How a product writes into this map if floats are added, such as a bias.
    var targetForm: TargetForm { precision == .float32 ? .floats : .rounded }
    /// How a product writes into this map if values of another map of this precision are added.
    var addedTargetForm: TargetForm { precision == .float32 ? .floats : .roundedBoth }
}

/// Chooses the panel product for the current processor.
package enum Product {
    /// Computes the product that `ProductOperands` describes.
    @inline(__always)
    package static func multiply(_ operands: ProductOperands) {
        Float32.build.multiply(operands)
    }

    /// The product whose `a` and `weights` are of `precision`; all strides and the depth count words of 32 bits.
    @inline(__always)
    package static func multiply(_ operands: ProductOperands, in precision: Precision) {
        switch precision {
        case .float32: multiply(operands)
        case .bfloat16: BFloat16.build.multiply(operands)
        case .bfloat16AMX: MatrixUnitProduct.multiply(operands)
        case .int8: Int8Operands.build.multiply(operands)
        }
    }

    /// Performs multiply-adds on registers only, and returns the number of floating-point operations.
    static func spin(stepCount: Int, in precision: Precision) -> Int {
        switch precision {
        case .float32: Float32.build.spin(stepCount: stepCount)
        case .bfloat16: BFloat16.build.spin(stepCount: stepCount)
        case .bfloat16AMX: MatrixUnitProduct.spin(stepCount: stepCount)
        case .int8: Int8Operands.build.spin(stepCount: stepCount)
        }
    }
}
