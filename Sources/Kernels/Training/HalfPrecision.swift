import Tensors

/// Stores floats as IEEE 754 binary16, rounded to nearest, which halves the memory for kept features. A value
/// beyond 65,504 becomes infinite.
package enum HalfPrecision {
    /// Returns the number of floats whose memory holds `count` halves.
    package static func floatCount(_ count: Int) -> Int { (count + 1) / 2 }

    /// Stores `count` floats as halves. The buffers must not overlap.
    @inline(never)
    package static func encode(_ source: FloatRun, count: Int, into target: FloatRun) {
        let halves = UnsafeMutableRawPointer(target.base).assumingMemoryBound(to: Float16.self)
        let floats = UnsafePointer(source.base)
        for index in 0..<count { halves[index] = Float16(floats[index]) }
    }

    /// Reads `count` halves as floats. The buffers must not overlap.
    @inline(never)
    package static func decode(_ source: FloatRun, count: Int, into target: FloatRun) {
        let halves = UnsafeRawPointer(source.base).assumingMemoryBound(to: Float16.self)
        let floats = target.base
        for index in 0..<count { floats[index] = Float(halves[index]) }
    }
}
