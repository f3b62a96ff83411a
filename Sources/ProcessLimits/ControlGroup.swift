import Files

/// The limits of control groups (versions 2 and 1) for this process, read from the files of /proc and /sys.
///
/// `root` is prepended to every path, so that tests can use a tree of their own.
package struct ControlGroup {
    let root: Path

    package init(root: Path = "/") {
        self.root = root
    }

    /// The tightest memory limit in bytes, from the process's group up to the root; nil if there is none.
    package var memoryLimit: Int? {
        let unified = groupPaths("").compactMap { integer("sys/fs/cgroup" + $0 + "/memory.max") }
        let legacy = groupPaths("memory").compactMap {
            integer("sys/fs/cgroup/memory" + $0 + "/memory.limit_in_bytes")
        }
        // Version 1 writes a number near the largest 64-bit one for "no limit".
        return (unified + legacy).filter { $0 > 0 && $0 < 1 << 60 }.min()
    }

    /// The tightest processor quota in cores, rounded up; nil if there is none.
    package var coreLimit: Int? {
        let unified = groupPaths("").compactMap { group -> Int? in
            let words =
                text("sys/fs/cgroup" + group + "/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
            guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]) else { return nil }
            return Self.cores(quota: quota, period: period)
        }
        let legacy = groupPaths("cpu").compactMap { group -> Int? in
            guard let quota = integer("sys/fs/cgroup/cpu" + group + "/cpu.cfs_quota_us"),
                let period = integer("sys/fs/cgroup/cpu" + group + "/cpu.cfs_period_us")
            else { return nil }
            return Self.cores(quota: quota, period: period)
        }
        return (unified + legacy).min()
    }

    private static func cores(quota: Int, period: Int) -> Int? {
        quota > 0 && period > 0 ? max(1, (quota + period - 1) / period) : nil
    }

    /// Returns the process's group in the hierarchy with this controller ("" for version 2) and all groups
    /// above it, ending with the mount's root, written "". A container may see its own group as the root.
    private func groupPaths(_ controller: String) -> [String] {
        let lines = text("proc/self/cgroup")?.split(separator: "\n") ?? []
        var paths = [""]
        for line in lines {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3,
                fields[1].split(separator: ",", omittingEmptySubsequences: false)
                    .contains(where: { $0 == controller })
            else { continue }
            var group = ""
            for part in fields[2].split(separator: "/") where part != ".." {
                group += "/" + part
                paths.append(group)
            }
        }
        return paths
    }

    private func integer(_ path: String) -> Int? {
        text(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
    }

    private func text(_ path: String) -> String? {
        // An unreadable file means no limit, because many machines have only one of the two versions.
        try? ProcFile.text(root.appending(Path(path)))
    }
}

/// Reads the small text files of /proc and /sys, whose size is not known before they are read.
enum ProcFile {
    static func text(_ path: Path) throws(FileError) -> String {
        String(decoding: try WholeFiles.read(path), as: UTF8.self)
    }

    /// Returns a field of /proc/self/status in bytes; 0 if it cannot be read.
    static func statusBytes(_ field: String, root: Path = "/") -> Int {
        let lines = (try? text(root.appending("proc/self/status")))?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix(field + ":") }) else { return 0 }
        return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }
}
