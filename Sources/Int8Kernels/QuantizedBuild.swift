// The other builds use this file through symbolic links.

import Products

/// The kernels of int8. Their parts are in the files beside this.
package enum QuantizedBuild: QuantizedKernels {
    package static var integersPerWord: Int { Operands.perWord }

    package static func multiply(_ operands: ProductOperands) { PanelProduct.multiply(operands) }

    package static func spin(stepCount: Int) -> Int { RegisterSpin.run(stepCount: stepCount) }
}
