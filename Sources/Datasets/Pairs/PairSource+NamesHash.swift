import Files

extension PairSource {
    /// A hash of all names in their order, which identifies the data set wherever it is stored.
    package var namesHash: UInt64 {
        (0..<count).reduce(FNV.hash([])) { FNV.hash(name(at: $1).utf8 + [0], after: $0) }
    }
}
