import Glibc

/// Identifies the content of a file without reading it: if all three values are unchanged, so is the file.
///
/// The device is omitted on purpose, because its number may change at a reboot, and records outlive reboots.
package struct Fingerprint: Hashable, Sendable {
    package var byteCount: Int64
    /// The time of the last modification, since 1970.
    package var modified: Duration
    package var inode: UInt64

    package init(byteCount: Int64, modified: Duration, inode: UInt64) {
        self.byteCount = byteCount
        self.modified = modified
        self.inode = inode
    }
}

/// Identifies the file that a path leads to.
package struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    /// Returns the identity of the file behind a descriptor that the caller keeps, such as standard error;
    /// nil if the descriptor is closed.
    package init?(ofDescriptor descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}

/// The values of stat(2) that this project uses.
package struct FileStatus: Sendable {
    package enum Kind: String, Sendable {
        case regular = "regular file"
        case folder
        case symbolicLink = "symbolic link"
        case fifo
        case socket
        case device
        case other
    }

    package let kind: Kind
    package let fingerprint: Fingerprint
    package let device: UInt64
    /// The number of the user whose file it is.
    package let owner: UInt32
    /// The time of the last change of name, mode or content, since 1970. It is not earlier than when the file
    /// was moved to its place.
    package let changed: Duration

    /// The device as the files of /proc give it: gnu_dev_major(3) and gnu_dev_minor(3).
    package var deviceNumbers: (major: UInt64, minor: UInt64) {
        (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
    }

    package var isFolder: Bool { kind == .folder }
    package var isRegularFile: Bool { kind == .regular }
    package var byteCount: Int { Int(fingerprint.byteCount) }
    /// The time of the last modification, since 1970.
    package var modified: Duration { fingerprint.modified }
    package var identity: FileIdentity { FileIdentity(device: device, inode: fingerprint.inode) }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR, S_IFBLK: .device
            default: .other
            }
        fingerprint = Fingerprint(
            byteCount: Int64(status.st_size),
            modified: Self.time(status.st_mtim),
            inode: UInt64(status.st_ino))
        device = UInt64(status.st_dev)
        owner = UInt32(status.st_uid)
        changed = Self.time(status.st_ctim)
    }

    /// Returns the time since 1970, limited to the years 1 to 9999. Anybody who can write a file can give it
    /// any 64-bit time, and differences of such times do not fit into 64 bits.
    private static func time(_ time: timespec) -> Duration {
        .seconds(Timestamp.representable(time.tv_sec)) + .nanoseconds(time.tv_nsec)
    }
}
