import CLinux

/// Extended attributes; see xattr(7).
extension FileSystem {
    /// Calls fsetxattr(2). Filesystems without such attributes fail with EOPNOTSUPP.
    package func setAttribute(_ name: String, of file: Descriptor, to value: [UInt8]) throws(FileError) {
        try perform(.setAttribute, file.path) {
            value.withUnsafeBytes { linux_set_attribute(file.rawValue, name, $0.baseAddress, $0.count) }
        }
    }

    /// Calls fgetxattr(2); nil if the file has no such attribute of at most `limit` bytes.
    package func attribute(_ name: String, of file: Descriptor, limit: Int = 256) -> [UInt8]? {
        var count = -1
        let value = [UInt8](unsafeUninitializedCapacity: limit) { buffer, used in
            count = linux_attribute(file.rawValue, name, buffer.baseAddress, buffer.count)
            used = max(count, 0)
        }
        return count < 0 ? nil : value
    }
}
