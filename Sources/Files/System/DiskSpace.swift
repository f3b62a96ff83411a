import Glibc

/// The room on a filesystem for users without privileges.
package struct DiskSpace: Sendable, Equatable {
    package var availableByteCount: Int
    /// How many more files it takes; nil where the filesystem sets no such limit.
    package var availableFileCount: Int?

    package init(availableByteCount: Int, availableFileCount: Int?) {
        self.availableByteCount = availableByteCount
        self.availableFileCount = availableFileCount
    }
}

extension FileSystem {
    /// Calls fstatvfs(3) on an open folder.
    package func space(of folder: Descriptor) throws(FileError) -> DiskSpace {
        var status = statvfs()
        try perform(.status, folder.path) { fstatvfs(folder.rawValue, &status) }
        return DiskSpace(
            availableByteCount: Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize)),
            availableFileCount: status.f_files == 0 ? nil : Int(clamping: UInt64(status.f_favail)))
    }
}
