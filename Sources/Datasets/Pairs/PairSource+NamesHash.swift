import Files

extension PairSource {
    /// Of all names in their order: another data set has another, wherever it lies.
    package var namesHash: UInt64 {
        (0..<count).reduce(FNV.hash([])) { FNV.hash(name(at: $1).utf8 + [0], after: $0) }
    }
}
