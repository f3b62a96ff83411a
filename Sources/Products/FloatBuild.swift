// The build with 512-bit registers uses this file through a symbolic link.

#if !NARROW_PRODUCTS
    import Products
#endif

/// This build of the kernels. Its parts are in the files beside this.
package enum FloatBuild: FloatKernels {
    package static func multiply(_ operands: ProductOperands) { PanelProduct.multiply(operands) }

    package static func spin(stepCount: Int) -> Int { RegisterSpin.run(stepCount: stepCount) }
}
