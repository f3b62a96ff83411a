/// A run of floats in an arena: sums, small matrices, scratch. A view that does not own its memory.
package struct FloatRun: @unchecked Sendable {
    // Unchecked: like `FeatureMap`, tasks that run side by side write disjoint parts.

    package let base: UnsafeMutablePointer<Float>

    package init(_ buffer: AlignedBuffer, offset: Int) {
        precondition(offset >= 0 && offset <= buffer.count, "run outside its buffer")
        base = buffer.base + offset
    }
}
