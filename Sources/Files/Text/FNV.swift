/// FNV-1a in 64 bits, a hash that is the same in every process. It separates values that differ by accident,
/// which is all that is needed here; it resists no attacker.
package enum FNV {
    /// - Parameter start: the hash of the preceding bytes.
    package static func hash(
        _ bytes: some Sequence<UInt8>, after start: UInt64 = 0xCBF2_9CE4_8422_2325
    ) -> UInt64 {
        bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
