import CLinux
import Glibc

/// Where a folder lies: names can be moved by rename(2) between folders of the same mount only. Two mounts of one
/// filesystem, as bind mounts and systemd's ReadWritePaths= make them, are two mounts.
package struct Mount: Hashable, Sendable {
    package let device: UInt64
    /// 0 where the kernel does not tell.
    package let number: UInt64
}

extension FileSystem {
    /// The mount through which a folder was opened.
    package func mount(of folder: Descriptor) throws(FileError) -> Mount {
        var number: UInt64 = 0
        try perform(.status, folder.path) { linux_mount_number(folder.rawValue, &number) }
        return Mount(device: try status(of: folder).device, number: number)
    }
}
