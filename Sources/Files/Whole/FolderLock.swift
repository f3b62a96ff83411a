/// The exclusive right of a process to work in a folder: flock(2) on the folder itself. The kernel releases
/// the lock when the process ends, in whatever way, so there is nothing to clean up.
package struct FolderLock: ~Copyable {
    private let folder: Descriptor

    /// Takes the lock without waiting. Returns nil if another process holds it.
    /// - Throws: `FileError` if there is no such folder, or its filesystem has no locks.
    package static func take(_ path: Path) throws(FileError) -> FolderLock? {
        let files = FileSystem()
        let folder = try files.openFolder(path: path)
        guard try files.lockExclusively(folder) else { return nil }
        return FolderLock(folder: folder)
    }
}
