/// FNV-1a in 64 bits: a hash that stays the same from run to run. What differs by accident gets different hashes, which
/// is all that is asked of it here.
package enum FNV {
    /// - Parameter start: the hash of what came before.
    package static func hash(
        _ bytes: some Sequence<UInt8>, after start: UInt64 = 0xCBF2_9CE4_8422_2325
    ) -> UInt64 {
        bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
