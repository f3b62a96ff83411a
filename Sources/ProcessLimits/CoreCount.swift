import Files
import Glibc

/// How many cores the process may keep busy.
package enum CoreCount {
    /// The processor's cores that the scheduler gives this process, or fewer where a control group limits its
    /// time. At least 1.
    package static func available() -> Int {
        available(root: "/")
    }

    package static func available(root: Path) -> Int {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return min(allowed(root: root) ?? online, ControlGroup(root: root).coreLimit ?? Int.max)
    }

    /// The bits of `Cpus_allowed` in /proc/self/status (what taskset and a cpuset leave), as sched_getaffinity(2)
    /// would count them; nil where the line is missing.
    private static func allowed(root: Path) -> Int? {
        let lines = (try? ProcFile.text(root.appending("proc/self/status")))?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
        let count = line.dropFirst("Cpus_allowed:".count).reduce(0) {
            $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
        }
        return count > 0 ? count : nil
    }
}
