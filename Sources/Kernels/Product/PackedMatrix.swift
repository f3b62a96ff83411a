import Glibc
import Products
import Tensors

/// The weights of a product, packed once into panels of 16 columns. Panel p holds `depth` rows of 16 words, each a
/// float or several neighbours along the depth in a narrower type; what does not exist is zero.
package struct PackedMatrix: Sendable {
    package let precision: Precision
    /// Words of 32 bits in a column.
    package let depth: Int
    package let panelCount: Int
    package let buffer: AlignedBuffer
    /// In int8, what `ProductScales.columns` describes; empty otherwise.
    private let columns: AlignedBuffer

    package var panelStride: Int { depth * FeatureMap.lane }
    package var base: UnsafePointer<Float> { UnsafePointer(buffer.base) }

    /// - Parameters:
    ///   - rowCount: the number of values in a column.
    ///   - columns: for each column of the packed matrix its column in the source, or nil for zeros; rounded
    ///     up to whole panels.
    ///   - value: (source column, row) → weight.
    package init(
        depth rowCount: Int, columns: [Int?], precision: Precision = .float32,
        value: (_ column: Int, _ row: Int) -> Float
    ) throws(OutOfMemory) {
        let lane = FeatureMap.lane
        self.precision = precision
        depth = precision.operandWordCount(rowCount)
        panelCount = (columns.count + lane - 1) / lane
        buffer = try AlignedBuffer(count: panelCount * depth * lane)
        self.columns = try AlignedBuffer(
            count: precision == .int8 ? panelCount * ProductScales.panelStride : 0)
        // One panel as floats.
        let panel = try AlignedBuffer(count: rowCount * lane)
        for index in 0..<panelCount {
            panel.zero()
            for (place, column) in columns[index * lane..<min((index + 1) * lane, columns.count)].enumerated()
            {
                guard let column else { continue }
                for row in 0..<rowCount { panel.base[row * lane + place] = value(column, row) }
            }
            let target = buffer.base + index * panelStride
            switch precision {
            case .float32: break
            case .bfloat16, .bfloat16AMX: BFloat16.build.pairRows(panel.base, depth: rowCount, panelCount: 1)
            case .int8:
                Int8Operands.build.quantizeColumns(
                    panel.base, depth: rowCount, panelCount: 1,
                    columns: self.columns.base + index * ProductScales.panelStride)
            }
            memcpy(target, panel.base, panelStride * 4)
        }
    }
}

extension PackedMatrix {
    /// The scales of a product with the panels from `panel` on; nil but in int8.
    @inline(__always)
    func scales(rows: UnsafePointer<Float>, panel: Int = 0) -> ProductScales? {
        precision == .int8
            ? ProductScales(
                rows: rows, columns: UnsafePointer(columns.base + panel * ProductScales.panelStride)) : nil
    }
}

/// A row of values, one per column of a product, padded with zeros to whole panels.
package struct PaddedRow: Sendable {
    package let buffer: AlignedBuffer

    package var base: UnsafePointer<Float> { UnsafePointer(buffer.base) }

    package init(columns: [Int?], value: (_ column: Int) -> Float) throws(OutOfMemory) {
        buffer = try AlignedBuffer(count: FeatureMap.paddedChannels(columns.count))
        for (index, column) in columns.enumerated() {
            guard let column else { continue }
            buffer.base[index] = value(column)
        }
    }
}
