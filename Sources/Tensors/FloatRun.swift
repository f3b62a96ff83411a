import Glibc

/// A run of floats in an arena: sums, small matrices, scratch. A view that does not own its memory.
package struct FloatRun: @unchecked Sendable {
    // Unchecked: like `FeatureMap`, tasks that run side by side write disjoint parts.

    package let base: UnsafeMutablePointer<Float>

    package init(_ buffer: AlignedBuffer, offset: Int) {
        precondition(offset >= 0 && offset <= buffer.count, "run outside its buffer")
        base = buffer.base + offset
    }

    package init(_ base: UnsafeMutablePointer<Float>) {
        self.base = base
    }

    /// What lies `count` floats further on.
    package func advanced(by count: Int) -> FloatRun { FloatRun(base + count) }

    /// Zeroes the first `count` floats.
    package func zero(count: Int) {
        memset(base, 0, count * 4)
    }
}
