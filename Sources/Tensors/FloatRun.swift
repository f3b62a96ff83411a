import Glibc

/// A view of a run of floats in an arena, for sums, small matrices and scratch. It does not own its memory.
package struct FloatRun: @unchecked Sendable {
    // Unchecked because, as with `FeatureMap`, concurrent tasks write disjoint parts.

    package let base: UnsafeMutablePointer<Float>

    package init(_ buffer: AlignedBuffer, offset: Int) {
        precondition(offset >= 0 && offset <= buffer.count, "run outside its buffer")
        base = buffer.base + offset
    }

    package init(_ base: UnsafeMutablePointer<Float>) {
        self.base = base
    }

    /// Returns the run that begins `count` floats further on.
    package func advanced(by count: Int) -> FloatRun { FloatRun(base + count) }

    /// Zeroes the first `count` floats.
    package func zero(count: Int) {
        memset(base, 0, count * 4)
    }
}
