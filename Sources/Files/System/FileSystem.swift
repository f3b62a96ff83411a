import CLinux
import Glibc

/// All system calls on files. Names are bytes, interrupted calls are repeated, and every failure is a
/// ``FileError``. Calls by name within an open folder never follow a symbolic link; calls by path do.
package struct FileSystem: Sendable {
    /// Called before every system call. If it returns an error number, the call fails with it and is not
    /// made.
    package typealias Interceptor = @Sendable (FileOperation) -> Errno?

    /// The same with the path concerned.
    let interceptor: (@Sendable (FileOperation, Path) -> Errno?)?

    package init(interceptor: Interceptor? = nil) {
        guard let interceptor else {
            self.interceptor = nil
            return
        }
        self.interceptor = { operation, _ in interceptor(operation) }
    }

    /// Makes a call that returns −1 on failure, and repeats it if a signal interrupts it.
    @discardableResult
    package func perform<Result: SignedInteger>(
        _ operation: FileOperation, _ path: @autoclosure () -> Path, _ body: () -> Result
    ) throws(FileError) -> Result {
        while true {
            let failure: Errno
            if let injected = interceptor?(operation, path()) {
                failure = injected
            } else {
                let result = body()
                if result != -1 { return result }
                failure = Errno(errno)
            }
            if failure != .interrupted {
                throw FileError(operation, path(), failure)
            }
        }
    }

    // MARK: Folders

    /// Opens a folder with openat(2), never through a symbolic link.
    package func openFolder(_ name: FileName, in folder: Descriptor) throws(FileError) -> Descriptor {
        let path = folder.path(of: name)
        let raw = try perform(.openFolder, path) {
            name.withCString { openat(folder.rawValue, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        }
        return Descriptor(raw, path: path)
    }

    /// Opens the folders below a root one by one, so that no link is followed and no path is too long.
    package func openFolder(_ names: [FileName], below root: Descriptor) throws(FileError) -> Descriptor {
        var folder = root
        for name in names {
            folder = try openFolder(name, in: folder)
        }
        return folder
    }

    /// Does the same as ``openFolder(_:below:)``, and creates missing folders durably.
    package func makeFolders(_ names: [FileName], below root: Descriptor) throws(FileError) -> Descriptor {
        var folder = root
        for name in names {
            do throws(FileError) {
                folder = try openFolder(name, in: folder)
            } catch {
                guard error.errno == .noEntry else { throw error }
                try makeFolder(name, in: folder)
                let made = try openFolder(name, in: folder)
                try syncFolder(folder)
                folder = made
            }
        }
        return folder
    }

    /// Calls mkdirat(2). An existing folder is no error.
    package func makeFolder(_ name: FileName, in folder: Descriptor) throws(FileError) {
        do throws(FileError) {
            try perform(.makeFolder, folder.path(of: name)) {
                name.withCString { mkdirat(folder.rawValue, $0, 0o777) }
            }
        } catch {
            if error.errno != .exists { throw error }
        }
    }

    /// Removes an empty folder with unlinkat(2).
    package func removeFolder(_ name: FileName, in folder: Descriptor) throws(FileError) {
        try perform(.removeFolder, folder.path(of: name)) {
            name.withCString { unlinkat(folder.rawValue, $0, AT_REMOVEDIR) }
        }
    }

    /// Calls fsync(2) on a folder, which makes its names durable.
    package func syncFolder(_ folder: Descriptor) throws(FileError) {
        try perform(.syncFolder, folder.path) { fsync(folder.rawValue) }
    }

    /// Checks with faccessat(2) whether this process may create and remove names in a folder. A read-only
    /// filesystem fails, too.
    package func checkWritable(_ folder: Descriptor) throws(FileError) {
        try perform(.access, folder.path) { faccessat(folder.rawValue, ".", W_OK | X_OK, AT_EACCESS) }
    }

    // MARK: Names

    /// fstatat(2); nil where nothing has that name.
    package func status(
        _ name: FileName, in folder: Descriptor, followingLink: Bool = false
    ) throws(FileError) -> FileStatus? {
        let flags = followingLink ? 0 : AT_SYMLINK_NOFOLLOW
        var status = stat()
        do throws(FileError) {
            try perform(.status, folder.path(of: name)) {
                name.withCString { fstatat(folder.rawValue, $0, &status, flags) }
            }
        } catch {
            if error.errno == .noEntry { return nil }
            throw error
        }
        return FileStatus(status)
    }

    /// Calls fstat(2).
    package func status(of file: Descriptor) throws(FileError) -> FileStatus {
        var status = stat()
        try perform(.status, file.path) { fstat(file.rawValue, &status) }
        return FileStatus(status)
    }

    /// Calls renameat(2), which replaces an existing file of the new name.
    package func rename(
        _ name: FileName, in folder: Descriptor, to newName: FileName, in newFolder: Descriptor
    ) throws(FileError) {
        try perform(.rename, folder.path(of: name)) {
            name.withCString { old in
                newName.withCString { renameat(folder.rawValue, old, newFolder.rawValue, $0) }
            }
        }
    }

    /// Calls renameat2(2) with RENAME_NOREPLACE, which fails with EEXIST if the new name exists.
    ///
    /// Filesystems that do not support the flag return EINVAL. Then the name is checked before the rename;
    /// there is no race in the spool's own folders, because the lock excludes other processes.
    package func renameExclusively(
        _ name: FileName, in folder: Descriptor, to newName: FileName, in newFolder: Descriptor
    ) throws(FileError) {
        do throws(FileError) {
            try perform(.rename, folder.path(of: name)) {
                name.withCString { old in
                    newName.withCString {
                        linux_rename_exclusively(folder.rawValue, old, newFolder.rawValue, $0)
                    }
                }
            }
        } catch {
            guard error.errno == .invalid || error.errno == .noSystemCall else { throw error }
            if try status(newName, in: newFolder) != nil {
                throw FileError(.rename, newFolder.path(of: newName), .exists)
            }
            try rename(name, in: folder, to: newName, in: newFolder)
        }
    }

    /// Calls unlinkat(2). A missing name is no error.
    package func remove(_ name: FileName, in folder: Descriptor) throws(FileError) {
        do throws(FileError) {
            try perform(.remove, folder.path(of: name)) {
                name.withCString { unlinkat(folder.rawValue, $0, 0) }
            }
        } catch {
            if error.errno != .noEntry { throw error }
        }
    }

    /// Calls `body` with every name in a folder, in no particular order, until it returns false.
    package func list(
        _ folder: Descriptor, _ body: (FileName) throws(FileError) -> Bool
    ) throws(FileError) {
        // The folder is opened again, because reading a directory stream moves the offset that duplicates
        // share.
        let raw = try perform(.list, folder.path) {
            openat(folder.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard let stream = fdopendir(raw) else {
            let failure = Errno(errno)
            close(raw)
            throw FileError(.list, folder.path, failure)
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError(.list, folder.path, Errno(errno)) }
                return
            }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if let name = FileName(bytes: bytes), try !body(name) { return }
        }
    }

    // MARK: Watches and locks

    /// The magic number of the filesystem that contains an open folder.
    package func filesystemType(of folder: Descriptor) throws(FileError) -> Int {
        var type = 0
        try perform(.status, folder.path) { linux_filesystem_type(folder.rawValue, &type) }
        return type
    }

    /// Takes an exclusive lock with flock(2) without waiting. Returns false if another process holds it.
    package func lockExclusively(_ file: Descriptor) throws(FileError) -> Bool {
        do throws(FileError) {
            try perform(.lock, file.path) { flock(file.rawValue, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.errno == .tryAgain { return false }
            throw error
        }
    }

    /// Whether a process holds the lock exclusively. The test takes a shared lock, which lasts until the file
    /// is closed, so that two processes that test at the same time do not take each other for the holder.
    package func isLockedExclusively(_ file: Descriptor) throws(FileError) -> Bool {
        do throws(FileError) {
            try perform(.lock, file.path) { flock(file.rawValue, LOCK_SH | LOCK_NB) }
            return false
        } catch {
            if error.errno == .tryAgain { return true }
            throw error
        }
    }

    /// Releases a lock before its file is closed.
    package func unlock(_ file: Descriptor) {
        flock(file.rawValue, LOCK_UN)
    }
}
