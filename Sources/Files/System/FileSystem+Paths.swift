import Glibc

/// Calls by path. They follow symbolic links.
extension FileSystem {
    /// Opens a folder by its path.
    package func openFolder(path: Path) throws(FileError) -> Descriptor {
        try open(path, O_RDONLY | O_DIRECTORY, for: .openFolder)
    }

    /// Opens a folder, and creates it if it is missing. Missing parents are not created.
    package func openOrMakeFolder(path: Path, mode: UInt32 = 0o777) throws(FileError) -> Descriptor {
        do throws(FileError) {
            return try openFolder(path: path)
        } catch {
            guard error.errno == .noEntry else { throw error }
            try makeFolder(path: path, mode: mode)
            return try openFolder(path: path)
        }
    }

    /// Opens a file for reading. Opening a fifo does not wait for a writer.
    package func openFile(path: Path) throws(FileError) -> Descriptor {
        try open(path, O_RDONLY | O_NONBLOCK, for: .openFile)
    }

    /// Opens a regular file for reading, and refuses anything else.
    package func openRegularFile(path: Path) throws(FileError) -> (file: Descriptor, byteCount: Int) {
        let file = try openFile(path: path)
        return (file, try byteCount(ofRegularFile: file, path: path))
    }

    /// Returns the size of a regular file, and refuses anything else.
    func byteCount(ofRegularFile file: Descriptor, path: Path) throws(FileError) -> Int {
        let status = try status(of: file)
        guard status.isRegularFile else {
            throw FileError(.read, path, status.isFolder ? .isAFolder : .notRegular)
        }
        return status.byteCount
    }

    /// Creates a file that must not exist yet, and opens it for writing.
    ///
    /// - Parameter name: the path for messages, if another one says more.
    func createFile(path: Path, named name: Path) throws(FileError) -> Descriptor {
        try open(path, O_WRONLY | O_CREAT | O_EXCL, for: .createFile, named: name)
    }

    /// Opens a file for appending, and creates it if it is missing.
    func openForAppending(path: Path) throws(FileError) -> Descriptor {
        try open(path, O_WRONLY | O_CREAT | O_APPEND, for: .createFile)
    }

    private func open(
        _ path: Path, _ flags: Int32, for operation: FileOperation, named name: Path? = nil
    ) throws(FileError) -> Descriptor {
        let name = name ?? path
        let raw = try perform(operation, name) {
            path.withCString { Glibc.open($0, flags | O_CLOEXEC, 0o644) }
        }
        return Descriptor(raw, path: name)
    }

    /// Calls stat(2). Returns nil if there is no such entry.
    package func status(path: Path) throws(FileError) -> FileStatus? {
        var status = stat()
        do throws(FileError) {
            try perform(.status, path) { path.withCString { stat($0, &status) } }
        } catch {
            if error.errno == .noEntry || error.errno == .notAFolder { return nil }
            throw error
        }
        return FileStatus(status)
    }

    /// Calls rename(2), which replaces an existing file of the new name.
    func replace(path: Path, by new: Path) throws(FileError) {
        try perform(.replace, path) {
            path.withCString { path in new.withCString { Glibc.rename($0, path) } }
        }
    }

    /// Calls unlink(2). A missing file is no error.
    func remove(path: Path) throws(FileError) {
        do throws(FileError) {
            try perform(.remove, path) { path.withCString { unlink($0) } }
        } catch {
            if error.errno != .noEntry { throw error }
        }
    }

    /// Calls mkdir(2). An existing folder is no error and keeps its mode.
    func makeFolder(path: Path, mode: UInt32 = 0o777) throws(FileError) {
        do throws(FileError) {
            try perform(.makeFolder, path) { path.withCString { mkdir($0, mode) } }
        } catch {
            if error.errno != .exists { throw error }
        }
    }

    /// Creates the folder and all missing parents.
    func makeFolders(path: Path) throws(FileError) {
        if let found = try status(path: path) {
            if found.isFolder { return }
            throw FileError(.makeFolder, path, .notAFolder)
        }
        if path.folder != path {
            try makeFolders(path: path.folder)
        }
        try makeFolder(path: path)
    }

    /// Returns the names in a folder without "." and "..", sorted by bytes.
    func names(in path: Path) throws(FileError) -> [Path] {
        let folder = try open(path, O_RDONLY | O_DIRECTORY, for: .list)
        var names: [Path] = []
        try list(folder) { name throws(FileError) in
            names.append(Path(name))
            return true
        }
        return names.sorted()
    }

    /// Calls readlink(2). Returns nil if the link cannot be read.
    package func target(ofLink path: Path) -> Path? {
        var count = -1
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, used in
            count = path.withCString { link in
                buffer.withMemoryRebound(to: CChar.self) { room in
                    room.baseAddress.map { readlink(link, $0, room.count) } ?? -1
                }
            }
            used = max(count, 0)
        }
        return count < 0 ? nil : Path(bytes: bytes)
    }

    /// Calls realpath(3). Returns nil if there is no such entry.
    package func realPath(_ path: Path) -> Path? {
        guard let real = path.withCString({ realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return Path(
            bytes: Array(UnsafeBufferPointer(start: real, count: strlen(real))).map(UInt8.init(bitPattern:)))
    }
}

extension ByteNamed {
    /// Passes the bytes with a terminating zero byte to `body`.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            // The buffer is never empty, because it contains the terminator.
            guard let address = buffer.baseAddress else { preconditionFailure("an empty name") }
            return body(address)
        }
    }
}

extension Descriptor {
    /// The path of an entry of this folder, for messages.
    func path(of name: FileName) -> Path { path.appending(Path(name)) }
}
