import Files

/// Who holds the spool's lock. The number in the file is only that of the last process that worked on the spool:
/// whoever may open the file may hold its lock without writing into it.
package enum LockHolder: Equatable, Sendable, CustomStringConvertible {
    /// By the kernel's list of locks; the command's name where it may be read.
    case process(pid: Int, name: String?)
    /// The list cannot be read or does not have it; with the number in the file.
    case unknown(last: Int?)

    /// - Parameters:
    ///   - status: of the lock.
    ///   - last: the number in it.
    static func find(_ status: FileStatus, last: Int?) -> LockHolder {
        guard let locks = try? WholeFiles.read("/proc/locks", limit: 16 << 20),
            let pid = pid(holding: status, in: String(decoding: locks, as: UTF8.self))
        else { return .unknown(last: last) }
        let name = try? WholeFiles.read(Path("/proc/\(pid)/comm"), limit: 4096)
        return .process(
            pid: pid, name: name.map { ByteText.oneLine(String(decoding: $0.dropLast(), as: UTF8.self)) })
    }

    /// The process in the kernel's list (proc(5)) that holds a lock of flock(2) on a file: `1: FLOCK ADVISORY WRITE PID
    /// MAJOR:MINOR:INODE 0 EOF`, the device in hexadecimal. One who waits has an arrow after the number. A process
    /// outside of our namespace has a number that is no number of ours.
    static func pid(holding status: FileStatus, in locks: String) -> Int? {
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", let pid = Int(words[4]), pid > 0 else { continue }
            let place = words[5].split(separator: ":")
            guard place.count == 3, let major = UInt64(place[0], radix: 16),
                let minor = UInt64(place[1], radix: 16), let inode = UInt64(place[2])
            else { continue }
            if inode == status.fingerprint.inode, (major, minor) == status.deviceNumbers { return pid }
        }
        return nil
    }

    package var description: String {
        switch self {
        case .process(let pid, let name): "process \(pid)" + (name.map { " (\($0))" } ?? "")
        case .unknown(let last):
            "a process that /proc/locks does not name"
                + (last.map { " (the last that worked on the spool was process \($0))" } ?? "")
        }
    }
}
