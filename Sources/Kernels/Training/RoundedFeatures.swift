import Tensors

/// Stores floats as bfloat16, rounded to nearest, which halves the memory for kept features.
package enum RoundedFeatures {
    /// Returns the number of floats whose memory holds `count` features.
    package static func floatCount(_ count: Int) -> Int { Precision.bfloat16.wordCount(count) }

    /// Stores `count` floats, a multiple of 16. The buffers must not overlap.
    package static func store(_ source: FloatRun, count: Int, into target: FloatRun) {
        BFloat16.build.round(UnsafePointer(source.base), count: count, into: target.base)
    }

    /// Reads `count` features, a multiple of 16, as floats. The buffers must not overlap.
    package static func load(_ source: FloatRun, count: Int, into target: FloatRun) {
        BFloat16.build.widen(UnsafePointer(source.base), count: count, into: target.base)
    }
}
