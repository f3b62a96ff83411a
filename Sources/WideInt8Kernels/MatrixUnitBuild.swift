import Products

/// The kernels of int8 for processors with a matrix unit: those of the wide build, whose layout of operands the unit shares,
/// but for the products.
package enum MatrixUnitBuild: QuantizedKernels {
    package static var integersPerWord: Int { QuantizedBuild.integersPerWord }

    package static func multiply(_ operands: ProductOperands) { MatrixUnitProduct.multiply(operands) }

    package static func spin(stepCount: Int) -> Int { MatrixUnitProduct.spin(stepCount: stepCount) }

    package static func quantize(_ operands: QuantizedPixels, source: UnsafePointer<Float>, isNarrow: Bool) {
        QuantizedBuild.quantize(operands, source: source, isNarrow: isNarrow)
    }

    package static func normalize(
        _ operands: QuantizedPixels, source: UnsafePointer<Float>, channels: Int, subtractsMean: Bool,
        epsilon: Float
    ) {
        QuantizedBuild.normalize(
            operands, source: source, channels: channels, subtractsMean: subtractsMean, epsilon: epsilon)
    }

    package static func quantizeColumns(
        _ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int,
        columns: UnsafeMutablePointer<Float>
    ) {
        QuantizedBuild.quantizeColumns(panels, depth: depth, panelCount: panelCount, columns: columns)
    }

    package static func quantizeRows(
        _ panel: UnsafePointer<Float>, count: Int, wordCount: Int, into rows: UnsafeMutablePointer<Float>,
        scales: UnsafeMutablePointer<Float>
    ) {
        QuantizedBuild.quantizeRows(panel, count: count, wordCount: wordCount, into: rows, scales: scales)
    }
}
