import Glibc

/// An owned, uninitialised run of float32 values, aligned to a cache line.
///
/// All memory for weights and activations is allocated and freed here. The type is a class, not a `~Copyable` struct,
/// because sessions on several threads share packed weights.
package final class AlignedBuffer: @unchecked Sendable {
    // Unchecked because weights are written only before they are shared, and an arena belongs to one session whose
    // parallel tasks write disjoint regions, as the plan ensures.

    /// Cache line of x86-64 and most arm64 processors, in bytes.
    package static let alignment = 64

    package let count: Int
    package let base: UnsafeMutablePointer<Float>
    private let mappedByteCount: Int

    /// Buffers of at least this size have a mapping of their own. Its pages are zero, are allocated only when
    /// touched, and return to the system as soon as they are released.
    private static let mappingThresholdByteCount = 1 << 20

    /// - Parameter count: number of values; zero is allowed.
    /// - Throws: `OutOfMemory` if the system refuses.
    package init(count: Int) throws(OutOfMemory) {
        precondition(count >= 0 && count <= Int.max / 8, "AlignedBuffer: absurd count \(count)")
        self.count = count
        let byteCount = max(count * 4, Self.alignment)
        if byteCount >= Self.mappingThresholdByteCount {
            let address = mmap(
                nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
            guard let address, address != MAP_FAILED else { throw OutOfMemory(byteCount: byteCount) }
            // Larger pages save address translations in the kernels' strided accesses.
            _ = madvise(address, byteCount, MADV_HUGEPAGE)
            base = address.assumingMemoryBound(to: Float.self)
            mappedByteCount = byteCount
        } else {
            var address: UnsafeMutableRawPointer?
            guard posix_memalign(&address, Self.alignment, byteCount) == 0, let address else {
                throw OutOfMemory(byteCount: byteCount)
            }
            memset(address, 0, byteCount)
            base = address.assumingMemoryBound(to: Float.self)
            mappedByteCount = 0
        }
    }

    deinit {
        if mappedByteCount > 0 {
            munmap(base, mappedByteCount)
        } else {
            free(base)
        }
    }
}

extension AlignedBuffer {
    /// Returns a copy of some of the values. Traps outside the buffer.
    package func floats(in range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "AlignedBuffer: range outside")
        return Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Overwrites some of the values. Traps outside the buffer, or if the number of floats differs.
    package func fill(_ range: Range<Int>, with floats: [Float]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "AlignedBuffer: range outside")
        precondition(floats.count == range.count, "AlignedBuffer: \(floats.count) floats for \(range)")
        floats.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + range.lowerBound).update(from: start, count: range.count)
        }
    }

    /// Sets every value to zero.
    package func zero() {
        memset(base, 0, count * 4)
    }
}

/// The system could not provide the memory.
package struct OutOfMemory: Error, CustomStringConvertible {
    package let byteCount: Int

    package var description: String {
        "cannot allocate \(byteCount) bytes: restore in smaller tiles or with fewer workers"
    }
}
