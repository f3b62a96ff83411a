import Tensors

/// Floats stored as IEEE 754 binary16, rounded to nearest: half the memory of what is kept between the passes.
/// Beyond 65,504 a value becomes infinite.
package enum HalfPrecision {
    /// Floats of memory that `count` halves take.
    package static func floatCount(_ count: Int) -> Int { (count + 1) / 2 }

    /// Stores `count` floats. No overlap.
    @inline(never)
    package static func encode(_ source: FloatRun, count: Int, into target: FloatRun) {
        let halves = UnsafeMutableRawPointer(target.base).assumingMemoryBound(to: Float16.self)
        let floats = UnsafePointer(source.base)
        for index in 0..<count { halves[index] = Float16(floats[index]) }
    }

    /// Gives `count` floats back. No overlap.
    @inline(never)
    package static func decode(_ source: FloatRun, count: Int, into target: FloatRun) {
        let halves = UnsafeRawPointer(source.base).assumingMemoryBound(to: Float16.self)
        let floats = target.base
        for index in 0..<count { floats[index] = Float(halves[index]) }
    }
}
