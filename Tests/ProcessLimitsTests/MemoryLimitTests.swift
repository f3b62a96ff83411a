import Files
import Foundation
import ProcessLimits
import Restoration
import TestSupport
import Testing

@Suite("Memory limit and cores")
struct MemoryLimitTests {
    /// A folder laid out as /proc and /sys.
    private func root(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder("promptir-proc")
        for (path, text) in files {
            try WholeFiles.createFolders(Path(folder.path(path)).folder)
            try folder.write(Array(text.utf8), to: path)
        }
        return folder
    }

    private let gigabyte = 1 << 30

    private func planned(_ bytes: Int) -> Int { Int(Double(bytes) * MemoryLimit.plannedShare) }

    @Test("available memory counts where no group limits")
    func available() throws {
        let folder = try root([
            "proc/meminfo": "MemTotal:  99 kB\nMemAvailable:    8388608 kB\n",
            "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "max\n",
        ])
        #expect(MemoryLimit.detected(root: Path(folder.path)) == planned(8 * gigabyte))
    }

    @Test("the tightest group of version 2 counts, wherever it stands")
    func unified() throws {
        let folder = try root([
            "proc/meminfo": "MemAvailable: 83886080 kB\n", "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": "\(2 * gigabyte)\n",
            "sys/fs/cgroup/a/b/memory.max": "\(4 * gigabyte)\n",
        ])
        #expect(MemoryLimit.detected(root: Path(folder.path)) == planned(2 * gigabyte))
    }

    @Test("version 1 counts, but for its number that means none")
    func legacy() throws {
        let group = "12:cpu,cpuacct:/x\n4:memory:/docker/abc\n1:name=systemd:/y\n"
        let limited = try root([
            "proc/meminfo": "MemAvailable: 83886080 kB\n", "proc/self/cgroup": group,
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "\(3 * gigabyte)\n",
            "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": "9223372036854771712\n",
        ])
        #expect(MemoryLimit.detected(root: Path(limited.path)) == planned(3 * gigabyte))
    }

    @Test("what the process has already counts against its group and its limits, not against the machine")
    func ownMemory() throws {
        let status = "VmSize:\t 300000 kB\nVmRSS:\t   60000 kB\nVmData:\t  100000 kB\n"
        let group = try root([
            "proc/self/status": status, "proc/meminfo": "MemAvailable: 83886080 kB\n",
            "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "\(4 * gigabyte)\n",
        ])
        #expect(MemoryLimit.detected(root: Path(group.path)) == planned(4 * gigabyte - 60_000 * 1024))
        let machine = try root(["proc/self/status": status, "proc/meminfo": "MemAvailable: 1048576 kB\n"])
        #expect(MemoryLimit.detected(root: Path(machine.path)) == planned(gigabyte))
        func limits(_ space: String, _ data: String) -> String {
            "Limit  Soft Limit  Hard Limit  Units\nMax data size             \(data)  unlimited  bytes\n"
                + "Max address space         \(space)  unlimited  bytes\n"
        }
        let room = 64 << 20
        for (space, data, expected) in [
            ("\(4 * gigabyte)", "unlimited", 4 * gigabyte - 300_000 * 1024 - room),
            ("unlimited", "\(4 * gigabyte)", 4 * gigabyte - 100_000 * 1024 - room),
        ] {
            let limited = try root([
                "proc/self/status": status, "proc/meminfo": "MemAvailable: 83886080 kB\n",
                "proc/self/limits": limits(space, data),
            ])
            #expect(MemoryLimit.detected(root: Path(limited.path)) == planned(expected))
        }
    }

    @Test("where there is little, room for the names of files is left all the same")
    func reserve() throws {
        let group = try root([
            "proc/self/status": "VmRSS: 46080 kB\n", "proc/self/cgroup": "0::/a\n",
            "sys/fs/cgroup/a/memory.max": "\(400 << 20)\n", "proc/meminfo": "MemAvailable: 83886080 kB\n",
        ])
        let planned = MemoryLimit.detected(root: Path(group.path))
        // With an eighth in idle sessions, and what the process has.
        #expect(planned / 8 * 9 + (45 << 20) + MemoryLimit.reserve <= 400 << 20)
        #expect(planned > 200 << 20)
    }

    @Test("nonsense and nothing at all fall back to the machine, never below the minimum")
    func fallback() throws {
        let empty = try root([:])
        #expect(MemoryLimit.detected(root: Path(empty.path)) >= MemoryLimit.minimum)
        let tiny = try root([
            "proc/meminfo": "MemAvailable: zzz kB\n", "proc/self/cgroup": "nonsense\n0::/../x\n",
            "sys/fs/cgroup/x/memory.max": "4096",
        ])
        #expect(MemoryLimit.detected(root: Path(tiny.path)) == MemoryLimit.minimum)
        #expect(MemoryLimit.detected() >= MemoryLimit.minimum)
    }

    @Test(
        "sizes as people write them",
        arguments: [
            ("1", 1), ("1024", 1024), ("1K", 1024), ("1.5k", 1536), ("4G", 4 << 30), ("4GB", 4 << 30),
            ("4GiB", 4 << 30),
            ("2t", 2 << 40), ("7B", 7),
        ])
    func sizes(text: String, bytes: Int) {
        #expect(MemoryLimit.parse(text) == bytes)
    }

    @Test(
        "no sizes",
        arguments: ["", "G", "-1", "0", "1X", "1GX", "1e9", "1..2", "999999999999999T", "١G", " 1"])
    func noSizes(text: String) {
        #expect(MemoryLimit.parse(text) == nil)
    }

    @Test("cores: the processor's mask and the group's quota, whichever is less")
    func cores() throws {
        let mask = "Name:\tx\nCpus_allowed:\t00000000,0000f00f\nCpus_allowed_list:\t0-3,12-15\n"
        let free = try root(["proc/self/status": mask])
        #expect(CoreCount.available(root: Path(free.path)) == 8)
        let unified = try root([
            "proc/self/status": mask, "proc/self/cgroup": "0::/a\n",
            "sys/fs/cgroup/a/cpu.max": "250000 100000\n",
            "sys/fs/cgroup/cpu.max": "max 100000\n",
        ])
        #expect(CoreCount.available(root: Path(unified.path)) == 3)
        let legacy = try root([
            "proc/self/status": mask, "proc/self/cgroup": "3:cpu,cpuacct:/\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        ])
        #expect(CoreCount.available(root: Path(legacy.path)) == 1)
        let unlimited = try root([
            "proc/self/status": mask, "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        ])
        #expect(CoreCount.available(root: Path(unlimited.path)) == 8)
        #expect(CoreCount.available() >= 1)
    }
}
