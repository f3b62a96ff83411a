import CLinux
import Glibc

/// The system calls on files in one place: names are bytes, interrupted calls are repeated, and every failure is a
/// ``FileError``. Calls by name within an open folder never follow a symbolic link; calls by path do.
package struct FileSystem: Sendable {
    /// Called before every system call; what it returns is taken for the call's failure, and the call is not made.
    package typealias Interceptor = @Sendable (FileOperation) -> Errno?

    private let interceptor: Interceptor?

    package init(interceptor: Interceptor? = nil) {
        self.interceptor = interceptor
    }

    /// Makes a call that answers −1 on failure, again when a signal interrupts it.
    @discardableResult
    package func perform<Result: SignedInteger>(
        _ operation: FileOperation, _ path: @autoclosure () -> Path, _ body: () -> Result
    ) throws(FileError) -> Result {
        while true {
            let failure: Errno
            if let injected = interceptor?(operation) {
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

    /// openat(2) of a folder, never through a symbolic link.
    package func openFolder(_ name: FileName, in folder: Descriptor) throws(FileError) -> Descriptor {
        let path = folder.path(of: name)
        let raw = try perform(.openFolder, path) {
            name.withCString { openat(folder.rawValue, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        }
        return Descriptor(raw, path: path)
    }

    /// Walks down from a root, one name at a time, so that no link is followed and no path is too long.
    package func openFolder(_ names: [FileName], below root: Descriptor) throws(FileError) -> Descriptor {
        var folder = root
        for name in names {
            folder = try openFolder(name, in: folder)
        }
        return folder
    }

    /// Like ``openFolder(_:below:)``, but makes what is missing, durably.
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

    /// mkdirat(2); an existing folder is no error.
    package func makeFolder(_ name: FileName, in folder: Descriptor) throws(FileError) {
        do throws(FileError) {
            try perform(.makeFolder, folder.path(of: name)) {
                name.withCString { mkdirat(folder.rawValue, $0, 0o777) }
            }
        } catch {
            if error.errno != .exists { throw error }
        }
    }

    /// unlinkat(2) of an empty folder.
    package func removeFolder(_ name: FileName, in folder: Descriptor) throws(FileError) {
        try perform(.removeFolder, folder.path(of: name)) {
            name.withCString { unlinkat(folder.rawValue, $0, AT_REMOVEDIR) }
        }
    }

    /// fsync(2) of a folder: makes names durable.
    package func syncFolder(_ folder: Descriptor) throws(FileError) {
        try perform(.syncFolder, folder.path) { fsync(folder.rawValue) }
    }

    /// faccessat(2): whether this process may make and remove names in a folder. A read-only filesystem refuses too.
    package func checkWritable(_ folder: Descriptor) throws(FileError) {
        try perform(.access, folder.path) { faccessat(folder.rawValue, ".", W_OK | X_OK, AT_EACCESS) }
    }

    // MARK: Names

    /// fstatat(2) without following links; nil where nothing has that name.
    package func status(_ name: FileName, in folder: Descriptor) throws(FileError) -> FileStatus? {
        var status = stat()
        do throws(FileError) {
            try perform(.status, folder.path(of: name)) {
                name.withCString { fstatat(folder.rawValue, $0, &status, AT_SYMLINK_NOFOLLOW) }
            }
        } catch {
            if error.errno == .noEntry { return nil }
            throw error
        }
        return FileStatus(status)
    }

    /// fstat(2).
    package func status(of file: Descriptor) throws(FileError) -> FileStatus {
        var status = stat()
        try perform(.status, file.path) { fstat(file.rawValue, &status) }
        return FileStatus(status)
    }

    /// renameat(2); an existing file of the new name is replaced.
    package func rename(
        _ name: FileName, in folder: Descriptor, to newName: FileName, in newFolder: Descriptor
    ) throws(FileError) {
        try perform(.rename, folder.path(of: name)) {
            name.withCString { old in
                newName.withCString { renameat(folder.rawValue, old, newFolder.rawValue, $0) }
            }
        }
    }

    /// renameat2(2) with RENAME_NOREPLACE: EEXIST where the new name is taken.
    ///
    /// Filesystems that do not know the flag answer EINVAL; there a look precedes the rename. The lock leaves
    /// nobody else to race with in the spool's own folders.
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

    /// unlinkat(2); a name that is not there is no error.
    package func remove(_ name: FileName, in folder: Descriptor) throws(FileError) {
        do throws(FileError) {
            try perform(.remove, folder.path(of: name)) {
                name.withCString { unlinkat(folder.rawValue, $0, 0) }
            }
        } catch {
            if error.errno != .noEntry { throw error }
        }
    }

    /// Calls `body` with every name in a folder, in no order, until it returns false.
    package func list(
        _ folder: Descriptor, _ body: (FileName) throws(FileError) -> Bool
    ) throws(FileError) {
        // A descriptor of its own, because a directory stream moves the offset that duplicates share.
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

    /// The magic number of the filesystem that holds an open folder.
    package func filesystemType(of folder: Descriptor) throws(FileError) -> Int {
        var type = 0
        try perform(.status, folder.path) { linux_filesystem_type(folder.rawValue, &type) }
        return type
    }

    /// flock(2), exclusive, without waiting: false where another process holds the lock.
    package func lockExclusively(_ file: Descriptor) throws(FileError) -> Bool {
        do throws(FileError) {
            try perform(.lock, file.path) { flock(file.rawValue, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.errno == .tryAgain { return false }
            throw error
        }
    }

    /// Whether a process holds the lock exclusively. Tried with a shared one, which lasts until the file is closed, so
    /// that two who ask at the same time do not take each other for the holder.
    package func isLockedExclusively(_ file: Descriptor) throws(FileError) -> Bool {
        do throws(FileError) {
            try perform(.lock, file.path) { flock(file.rawValue, LOCK_SH | LOCK_NB) }
            return false
        } catch {
            if error.errno == .tryAgain { return true }
            throw error
        }
    }

    /// Gives a lock back before its file is closed.
    package func unlock(_ file: Descriptor) {
        flock(file.rawValue, LOCK_UN)
    }
}
