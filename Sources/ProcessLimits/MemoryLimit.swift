import Files
import Glibc

/// How much memory the process may take.
package enum MemoryLimit {
    /// Of what the system would give, this share is planned with: the rest is for the pictures' own bytes, the
    /// allocator and the neighbours.
    package static let plannedShare = 0.85
    /// Never planned with less than this: the smallest tile has to go somewhere.
    package static let minimum = 256 << 20

    /// Bytes to plan with: the smaller of the control group's limit and the memory that is available now.
    package static func detected() -> Int {
        detected(root: "/")
    }

    package static func detected(root: Path) -> Int {
        let bounds = [ControlGroup(root: root).memoryLimit, available(root: root)].compactMap(\.self)
        let bound = bounds.min() ?? physical
        return max(minimum, Int(Double(bound) * plannedShare))
    }

    /// `MemAvailable` of /proc/meminfo, in bytes; nil where that is hidden (ProcSubset=pid).
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

    /// A size as people write it: bytes, or with K, M, G, T (powers of 1024; "GB" and "GiB" are the same).
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
