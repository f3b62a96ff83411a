/// The register of the build that does without AVX-512 BF16 what Intel's manual says these instructions do: half a
/// panel's row of sums. As an operand, each of its 32-bit lanes holds two bfloat16.
typealias Vector = SIMD8<Float>

extension Vector {
    /// Adds two products to each lane, the one of the high halves first.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) {
        let (x, y) = (unsafeBitCast(a, to: SIMD8<UInt32>.self), unsafeBitCast(b, to: SIMD8<UInt32>.self))
        let high = SIMD8<UInt32>(repeating: 0xFFFF_0000)
        addProduct(unsafeBitCast(x & high, to: Vector.self), unsafeBitCast(y & high, to: Vector.self))
        addProduct(unsafeBitCast(x &<< 16, to: Vector.self), unsafeBitCast(y &<< 16, to: Vector.self))
    }
}

enum Panels {
    /// Number of panels in one wide tile.
    static let perTile = 1
    /// Floating-point operations that `accumulate` performs for a lane.
    static let operationsPerLane = 4

    /// Distance from a tile's low vector to its high one, which is the other half of the same panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { 8 }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { 4 }
}

extension Vector {
    /// The values of four words of two neighbours.
    @inline(__always)
    init(narrow words: UnsafePointer<Float>) {
        let words = UnsafeRawPointer(words).loadUnaligned(as: SIMD4<UInt32>.self)
        var bits = SIMD8<UInt32>.zero
        bits.evenHalf = words &<< 16
        bits.oddHalf = words & 0xFFFF_0000
        self = unsafeBitCast(bits, to: Vector.self)
    }

    /// Stores eight values as four words of two neighbours.
    @inline(__always)
    func storeNarrow(_ target: UnsafeMutablePointer<Float>) {
        let bits = rounded
        UnsafeMutableRawPointer(target).storeBytes(
            of: (bits.evenHalf &>> 16) | bits.oddHalf, as: SIMD4<UInt32>.self)
    }
}

extension Lanes {
    /// The values of eight words of two neighbours.
    @inline(__always)
    init(narrow words: UnsafePointer<Float>) {
        self.init(lowHalf: Vector(narrow: words), highHalf: Vector(narrow: words + 4))
    }

    /// Adds two products of bfloat16 to each lane.
    @inline(__always)
    mutating func accumulatePairs(_ a: Lanes, _ b: Lanes) {
        lowHalf.accumulate(a.lowHalf, b.lowHalf)
        highHalf.accumulate(a.highHalf, b.highHalf)
    }

    /// Stores 16 values as eight words of two neighbours.
    @inline(__always)
    func storeNarrow(_ target: UnsafeMutablePointer<Float>) {
        lowHalf.storeNarrow(target)
        highHalf.storeNarrow(target + 4)
    }

    /// Stores 16 words with this vector's values in their low halves and the other's in their high ones.
    @inline(__always)
    func storeRounded(withHigh high: Lanes, _ target: UnsafeMutablePointer<Float>) {
        let bytes = UnsafeMutableRawPointer(target)
        bytes.storeBytes(of: (lowHalf.rounded &>> 16) | high.lowHalf.rounded, as: SIMD8<UInt32>.self)
        bytes.storeBytes(
            of: (highHalf.rounded &>> 16) | high.highHalf.rounded, toByteOffset: 32, as: SIMD8<UInt32>.self)
    }
}

extension Vector {
    /// The values rounded to the nearest bfloat16, ties to even, in the high halves of words whose low halves are
    /// zero. Subnormal numbers become zero, and NaN stays one, as the instruction has it.
    @inline(__always)
    fileprivate var rounded: SIMD8<UInt32> {
        let bits = unsafeBitCast(self, to: SIMD8<UInt32>.self)
        let magnitude = bits & 0x7FFF_FFFF
        var sum = bits &+ 0x7FFF &+ ((bits &>> 16) & 1)
        sum.replace(with: bits | 0x0040_0000, where: magnitude .> 0x7F80_0000)
        sum.replace(with: bits & 0x8000_0000, where: magnitude .< 0x0080_0000)
        return sum & 0xFFFF_0000
    }
}
