import Files
import Glibc

/// Finds how much memory the process may use.
package enum MemoryLimit {
    /// The share of the available memory that is planned with. The rest is for the pictures' own bytes, the
    /// allocator and other processes.
    package static let plannedShare = 0.85
    /// The least number of bytes that is planned with, because the smallest tile needs memory in any case.
    package static let minimum = 256 << 20

    /// Returns the number of bytes to plan with, from the smaller of the control group's limit and the
    /// available memory.
    package static func detected() -> Int {
        detected(root: "/")
    }

    package static func detected(root: Path) -> Int {
        let bounds = [ControlGroup(root: root).memoryLimit, available(root: root)].compactMap(\.self)
        let bound = bounds.min() ?? physical
        return max(minimum, Int(Double(bound) * plannedShare))
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
