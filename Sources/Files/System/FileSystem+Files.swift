import Glibc

/// Opens, reads and writes files.
extension FileSystem {
    /// Opens for reading; a link fails with ELOOP unless it is to be followed, and a fifo does not make the caller wait.
    package func openFile(
        _ name: FileName, in folder: Descriptor, followingLink: Bool = false
    ) throws(FileError) -> Descriptor {
        let path = folder.path(of: name)
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (followingLink ? 0 : O_NOFOLLOW)
        let raw = try perform(.openFile, path) {
            name.withCString { openat(folder.rawValue, $0, flags) }
        }
        return Descriptor(raw, path: path)
    }

    /// Opens a file for reading and writing. A missing file is created with access only for its owner.
    package func openOrCreateFile(_ name: FileName, in folder: Descriptor) throws(FileError) -> Descriptor {
        let path = folder.path(of: name)
        let raw = try perform(.createFile, path) {
            name.withCString { openat(folder.rawValue, $0, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600) }
        }
        return Descriptor(raw, path: path)
    }

    /// Creates a file that must not exist yet, and opens it for writing.
    package func createFile(_ name: FileName, in folder: Descriptor) throws(FileError) -> Descriptor {
        let path = folder.path(of: name)
        let raw = try perform(.createFile, path) {
            name.withCString {
                openat(folder.rawValue, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            }
        }
        return Descriptor(raw, path: path)
    }

    /// Reads the file from its start with pread(2), at most `limit` bytes.
    package func read(_ file: Descriptor, limit: Int) throws(FileError) -> [UInt8] {
        let expected = Int(try status(of: file).fingerprint.byteCount)
        // One byte more than expected is read, so that the length shows whether the file grows.
        return try read(file, at: 0, byteCount: min(max(expected, 0) + 1, limit))
    }

    /// Reads a part of the file with pread(2); returns fewer bytes if the file ends.
    package func read(_ file: Descriptor, at offset: Int, byteCount: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var count = 0
        while count < bytes.count {
            let start = count
            let more = try perform(.read, file.path) {
                bytes.withUnsafeMutableBytes { buffer in
                    pread(
                        file.rawValue, buffer.baseAddress?.advanced(by: start), buffer.count - start,
                        off_t(offset + start))
                }
            }
            if more == 0 { break }
            count += more
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Calls read(2) once at the file's position. The result is empty at the end of the file.
    package func readPiece(_ file: Descriptor, limit: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let piece = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(FileError) {
                count = try perform(.read, file.path) {
                    Glibc.read(file.rawValue, buffer.baseAddress, buffer.count)
                }
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        return piece
    }

    /// Calls read(2) from the file's position until it has `limit` bytes or the file ends.
    ///
    /// - Parameter expected: the expected number of bytes. A file in /proc reports 0 and has more.
    package func readPieces(
        _ file: Descriptor, expecting expected: Int, limit: Int = .max
    ) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected is requested, so that the read that meets the end is the last.
        var room = max(expected, 0) + 1
        while bytes.count < limit {
            let piece = try readPiece(file, limit: min(room, limit - bytes.count))
            if piece.isEmpty { break }
            bytes = bytes.isEmpty ? piece : bytes + piece
            room = 1 << 16
        }
        return bytes
    }

    /// Calls write(2), or pwrite(2) if an offset is given, until all bytes are written.
    package func write(
        _ bytes: RawSpan, to file: Descriptor, at offset: Int? = nil
    ) throws(FileError) {
        var count = 0
        while count < bytes.byteCount {
            let start = count
            count += try perform(.write, file.path) {
                bytes.withUnsafeBytes { buffer in
                    let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
                    return if let offset {
                        pwrite(file.rawValue, rest.baseAddress, rest.count, off_t(offset + start))
                    } else {
                        Glibc.write(file.rawValue, rest.baseAddress, rest.count)
                    }
                }
            }
        }
    }

    package func write(_ bytes: [UInt8], to file: Descriptor) throws(FileError) {
        try write(bytes.span.bytes, to: file)
    }

    /// Calls fsync(2) on a file. After a failure its pages are lost: the file must be discarded and the call
    /// never repeated.
    package func sync(_ file: Descriptor) throws(FileError) {
        try perform(.sync, file.path) { fsync(file.rawValue) }
    }

    /// Truncates a file to zero bytes with ftruncate(2).
    package func truncate(_ file: Descriptor) throws(FileError) {
        try perform(.write, file.path) { ftruncate(file.rawValue, 0) }
    }

    /// Calls fchmod(2).
    package func changeMode(of file: Descriptor, to mode: UInt32) throws(FileError) {
        try perform(.changeMode, file.path) { fchmod(file.rawValue, mode) }
    }

    /// Whether a process on this machine has the file open or mapped for writing. The kernel then refuses a
    /// read lease (F_SETLEASE) with EAGAIN. Nil if this cannot be determined, because the file is not ours or
    /// leases are not supported.
    package func isOpenForWriting(_ file: Descriptor) -> Bool? {
        let setLease: Int32 = 1024
        let setSignal: Int32 = 10
        // A writer that opens the file while the lease is held triggers its signal. SIGIO, the default, would
        // end the process.
        guard fcntl(file.rawValue, setSignal, SIGURG) == 0 else { return nil }
        if fcntl(file.rawValue, setLease, Int32(F_RDLCK)) == 0 {
            _ = fcntl(file.rawValue, setLease, Int32(F_UNLCK))
            return false
        }
        return Errno(errno) == .tryAgain ? true : nil
    }
}
