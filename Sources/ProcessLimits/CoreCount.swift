import Files
import Glibc

/// Finds the number of cores that the process may use.
package enum CoreCount {
    /// Returns the number of cores that the scheduler gives this process, or fewer if a control group limits
    /// its time. It is at least 1.
    package static func available() -> Int {
        available(root: "/")
    }

    package static func available(root: Path) -> Int {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return min(allowed(root: root) ?? online, ControlGroup(root: root).coreLimit ?? Int.max)
    }

    /// Returns the number of bits in `Cpus_allowed` of /proc/self/status, which taskset and cpusets restrict,
    /// as in sched_getaffinity(2); nil if the line is missing.
    private static func allowed(root: Path) -> Int? {
        let lines = (try? ProcFile.text(root.appending("proc/self/status")))?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
        let count = line.dropFirst("Cpus_allowed:".count).reduce(0) {
            $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
        }
        return count > 0 ? count : nil
    }
}
