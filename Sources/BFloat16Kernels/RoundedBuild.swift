// The emulated build uses this file through a symbolic link.

import Products

/// This build of the kernels. Its parts are in the files beside this.
package enum RoundedBuild: RoundedKernels {
    package static func multiply(_ operands: ProductOperands) {
        PanelProduct.multiply(operands)
    }

    package static func spin(stepCount: Int) -> Int {
        RegisterSpin.run(stepCount: stepCount)
    }
}
