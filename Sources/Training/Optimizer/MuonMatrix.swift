/// A matrix that Muon moves: a row-major part of a parameter store.
package struct MuonMatrix: Sendable, Equatable {
    /// The offset in the store, in floats.
    package let offset: Int
    package let rows: Int
    package let columns: Int

    package var count: Int { rows * columns }
    package var shortSide: Int { min(rows, columns) }
    package var longSide: Int { max(rows, columns) }

    /// Returns the matrices of a store, the one with the most work first, so that threads end together.
    ///
    /// The weights of a convolution are a matrix of output channels by everything else. Queries, keys and values are
    /// a matrix each. AdamW keeps depthwise convolutions, prompts, norms, temperatures, and the first and the last
    /// convolution, whose inputs or outputs are colours.
    package static func all(in parameters: ParameterStore) -> [MuonMatrix] {
        parameters.entries.flatMap(matrices).sorted {
            ($0.count * $0.shortSide, $1.offset) > ($1.count * $1.shortSide, $0.offset)
        }
    }

    private static func matrices(of entry: ParameterEntry) -> [MuonMatrix] {
        let isConvolution = entry.shape.count == 4 && entry.shape[1] > 1
        let isAtTheEdge = entry.name.hasPrefix("patch_embed.") || entry.name.hasPrefix("output.")
        guard isConvolution, !isAtTheEdge else { return [] }
        let parts = entry.name.hasSuffix(".qkv.weight") ? 3 : 1
        let (rows, columns) = (entry.shape[0] / parts, entry.count / entry.shape[0])
        return (0..<parts).map {
            MuonMatrix(offset: entry.offset + $0 * rows * columns, rows: rows, columns: columns)
        }
    }
}

extension [MuonMatrix] {
    /// Returns the ranges of `0..<end` that no matrix covers, in rising order.
    func rangesBetween(end: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for matrix in sorted(by: { $0.offset < $1.offset }) {
            if start < matrix.offset { ranges.append(start..<matrix.offset) }
            start = matrix.offset + matrix.count
        }
        if start < end { ranges.append(start..<end) }
        return ranges
    }
}
