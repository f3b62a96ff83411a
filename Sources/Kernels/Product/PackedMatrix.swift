import Tensors

/// The weights of a product, packed once into panels of 16 columns. Panel p holds `depth` rows of 16 floats; columns
/// that do not exist are zero.
package struct PackedMatrix: Sendable {
    package let depth: Int
    package let panelCount: Int
    package let buffer: AlignedBuffer

    package var panelStride: Int { depth * FeatureMap.lane }
    package var base: UnsafePointer<Float> { UnsafePointer(buffer.base) }

    /// - Parameters:
    ///   - columns: for each column of the packed matrix its column in the source, or nil for zeros; rounded
    ///     up to whole panels.
    ///   - value: (source column, row) → weight.
    package init(
        depth: Int, columns: [Int?], value: (_ column: Int, _ row: Int) -> Float
    ) throws(OutOfMemory) {
        let lane = FeatureMap.lane
        self.depth = depth
        panelCount = (columns.count + lane - 1) / lane
        buffer = try AlignedBuffer(count: panelCount * depth * lane)
        for (index, column) in columns.enumerated() {
            guard let column else { continue }
            var target = buffer.base + (index / lane) * panelStride + index % lane
            for row in 0..<depth {
                target.pointee = value(column, row)
                target += lane
            }
        }
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
