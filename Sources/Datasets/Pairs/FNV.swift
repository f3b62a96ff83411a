/// FNV-1a in 64 bits. It distinguishes accidental differences, which is sufficient here.
enum FNV {
    /// - Parameter start: the hash of what came before.
    static func hash(_ bytes: some Sequence<UInt8>, after start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
        bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension PairSource {
    /// Hashes all names in order, to recognise a data set wherever it is stored.
    package var namesHash: UInt64 {
        (0..<count).reduce(FNV.hash([])) { FNV.hash(name(at: $1).utf8 + [0], after: $0) }
    }
}
