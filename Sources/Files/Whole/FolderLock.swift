/// The right of one process to work in a folder: flock(2) on the folder itself. The kernel gives it back when the process
/// ends, however it ends; nothing is left to clean up.
package struct FolderLock: ~Copyable {
    private let folder: Descriptor

    /// Takes the lock without waiting; nil where another process holds it.
    /// - Throws: `FileError` where there is no such folder, or its filesystem has no locks.
    package static func take(_ path: Path) throws(FileError) -> FolderLock? {
        let files = FileSystem()
        let folder = try files.openFolder(path: path)
        guard try files.lockExclusively(folder) else { return nil }
        return FolderLock(folder: folder)
    }
}
