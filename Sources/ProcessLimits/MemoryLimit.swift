import Files
import Glibc

/// Finds how much memory the process may use.
package enum MemoryLimit {
    /// The share of the available memory that is planned with. Sessions that wait for their next picture may hold an eighth
    /// of it in addition. The rest is for the allocator, the kernel and ``reserve``.
    package static let plannedShare = 0.75
    /// The bytes that are always left for the names of waiting files, which take 0.5 kB each.
    package static let reserve = 128 << 20
    /// The least number of bytes that is planned with, because the smallest tile needs memory in any case.
    package static let minimum = 64 << 20

    /// The share for training, which allocates once and processes no files of strangers.
    package static let trainingShare = 0.85

    /// Returns the number of bytes to plan with. The control group, the resource limits (ulimit -v, -d) and the machine
    /// limit it, and it excludes what the process has now, so it is to be called when the weights are loaded.
    package static func detected(share: Double = plannedShare) -> Int {
        detected(root: "/", share: share)
    }

    package static func detected(root: Path, share: Double = plannedShare) -> Int {
        func own(_ field: String) -> Int { ProcFile.statusBytes(field, root: root) }
        let bounds = [
            ControlGroup(root: root).memoryLimit.map { $0 - own("VmRSS") },
            available(root: root),
            resourceLimit("Max address space", root: root).map { $0 - own("VmSize") - laterStacks },
            resourceLimit("Max data size", root: root).map { $0 - own("VmData") - laterStacks },
        ].compactMap(\.self)
        let bound = bounds.min() ?? physical
        return max(minimum, min(Int(Double(bound) * share), (bound - reserve) / 9 * 8))
    }

    /// The addresses for the stacks of threads that will start later.
    private static let laterStacks = 64 << 20

    /// Returns a soft limit of /proc/self/limits in bytes; nil if there is none.
    private static func resourceLimit(_ name: String, root: Path) -> Int? {
        let lines = (try? ProcFile.text(root.appending("proc/self/limits")))?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix(name) }) else { return nil }
        return line.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
    }

    /// Returns `MemAvailable` of /proc/meminfo in bytes; nil if it is hidden (ProcSubset=pid).
    private static func available(root: Path) -> Int? {
        guard let text = try? ProcFile.text(root.appending("proc/meminfo")) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let words = line.split(separator: " ")
            return words.count >= 2 ? Int(words[1]).map { $0 * 1024 } : nil
        }
        return nil
    }

    private static var physical: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Parses a size: bytes, or with K, M, G or T (powers of 1024; "GB" and "GiB" are the same).
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count).uppercased()
        let shifts = ["": 0, "B": 0, "K": 10, "M": 20, "G": 30, "T": 40]
        let short = unit.count > 1 && unit.hasSuffix("B") ? String(unit.prefix(1)) : unit
        guard let shift = shifts[short], ["", "B", "IB"].contains(unit.dropFirst(short.count)),
            let number = Double(digits), number > 0, number < 1e15
        else { return nil }
        let bytes = number * Double(1 << shift)
        return bytes < 1e18 ? Int(bytes) : nil
    }
}
