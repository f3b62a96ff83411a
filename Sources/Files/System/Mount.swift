import CLinux
import Glibc

/// The mount that contains a folder; rename(2) moves names only within one mount. Two mounts of one
/// filesystem, such as bind mounts and those of systemd's ReadWritePaths=, are different mounts.
package struct Mount: Hashable, Sendable {
    package let device: UInt64
    /// The mount's number; 0 if the kernel does not provide it.
    package let number: UInt64
}

extension FileSystem {
    /// Returns the mount through which a folder was opened.
    package func mount(of folder: Descriptor) throws(FileError) -> Mount {
        var number: UInt64 = 0
        try perform(.status, folder.path) { linux_mount_number(folder.rawValue, &number) }
        return Mount(device: try status(of: folder).device, number: number)
    }
}
