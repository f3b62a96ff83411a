internal import CInt8
internal import CLanes

/// The register of the build for AVX512_VNNI and AVX512_BF16: one holds a panel's row of sums, integers of 32 bits. As an
/// operand, each lane holds four integers of 8 bits.
typealias Vector = SIMD16<Float>

extension Vector {
    /// Adds four products of integers to each lane; those in `a` are unsigned.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = lanes_in_order(int8_add_quads(self, a, b)) }

    /// The integers, less those of `offset`, as floats.
    @inline(__always)
    func floats(less offset: Vector) -> Vector { int8_to_floats(self, offset) }

    /// Stores 16 values times a factor, rounded to integers, as operands of a product.
    @inline(__always)
    func storeOperands(_ factor: Lanes, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: int8_round_quads(self, factor), as: SIMD4<UInt32>.self)
    }
}

enum Operands {
    /// Integers in a word.
    static let perWord = 4
    /// What is added to an integer of a pixel before it is stored, because the instruction takes unsigned ones.
    static let pixelOffset = 128
    /// The bits of a word that `pixelOffset` changes.
    static var offsetBits: SIMD16<UInt32> { SIMD16(repeating: 0x8080_8080) }

    /// Adds the integers of each lane's word to `sums`.
    @inline(__always)
    static func addIntegers(of words: SIMD16<UInt32>, to sums: inout SIMD16<Int32>) {
        sums = unsafeBitCast(
            int8_add_quads(
                unsafeBitCast(sums, to: Vector.self),
                unsafeBitCast(SIMD16<UInt32>(repeating: 0x0101_0101), to: Vector.self),
                unsafeBitCast(words, to: Vector.self)), to: SIMD16<Int32>.self)
    }
}

enum Panels {
    /// Panels that one wide tile covers.
    static let perTile = 2
    /// Whether there are tiles of three panels.
    static let hasTilesOfThree = false
    /// Whether four steps of a sum are taken at a time.
    static let unrollsSteps = true
    /// Operations that `accumulate` performs for a lane.
    static let operationsPerLane = 8

    /// Distance from a tile's low vector to its high one: the next panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { panelStride }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { panelStride }
}
