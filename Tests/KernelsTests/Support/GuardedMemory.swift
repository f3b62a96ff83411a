import Tensors

/// Floats between two guards, all of them a signalling NaN until they are written. A kernel that reads what it
/// must not gives NaN in its result; one that writes where it must not changes the bits, since arithmetic makes
/// the NaN a quiet one. Pointers do not keep it alive: look at the guards after the kernel, of inputs too.
struct GuardedMemory {
    static let pattern: UInt32 = 0x7FA5_A5A5
    private static let guardCount = 64

    let count: Int
    private let buffer: AlignedBuffer

    init(count: Int) throws {
        self.count = count
        buffer = try AlignedBuffer(count: count + 2 * Self.guardCount)
        UnsafeMutableRawPointer(buffer.base).initializeMemory(
            as: UInt32.self, repeating: Self.pattern, count: buffer.count)
    }

    init(_ values: [Float]) throws {
        try self.init(count: values.count)
        for (index, value) in values.enumerated() { base[index] = value }
    }

    var base: UnsafeMutablePointer<Float> { buffer.base + Self.guardCount }
    var constant: UnsafePointer<Float> { UnsafePointer(base) }
    var run: FloatRun { FloatRun(buffer, offset: Self.guardCount) }
    var values: [Float] { (0..<count).map { base[$0] } }

    /// Whether a float still has the bits it was made with.
    func isUntouched(_ index: Int) -> Bool {
        UnsafeRawPointer(base + index).load(as: UInt32.self) == Self.pattern
    }

    var guardsAreIntact: Bool {
        (-Self.guardCount..<0).allSatisfy(isUntouched)
            && (count..<count + Self.guardCount).allSatisfy(isUntouched)
    }
}
