import Glibc

/// What tells one content of a file from another without reading it: if all three are unchanged, so is the file.
///
/// The device is left out on purpose: its number may differ after a reboot, and records outlive one.
package struct Fingerprint: Hashable, Sendable {
    package var byteCount: Int64
    /// Time of the last modification, since 1970.
    package var modified: Duration
    package var inode: UInt64

    package init(byteCount: Int64, modified: Duration, inode: UInt64) {
        self.byteCount = byteCount
        self.modified = modified
        self.inode = inode
    }
}

/// What makes two paths lead to the same file.
package struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    /// What a descriptor that stays the caller's, such as standard error, leads to; nil where it is closed.
    package init?(ofDescriptor descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}

/// The part of stat(2) that somebody asks for.
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
    /// Time of the last change of name, mode or content, since 1970: not earlier than when it was put where it is.
    package let changed: Duration

    package var isFolder: Bool { kind == .folder }
    package var isRegularFile: Bool { kind == .regular }
    package var byteCount: Int { Int(fingerprint.byteCount) }
    /// Time of the last modification, since 1970.
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
        changed = Self.time(status.st_ctim)
    }

    /// Since 1970, in years 1 to 9999. Whoever may write a file may give it any 64-bit time, and differences of those
    /// do not fit into 64 bits.
    private static func time(_ time: timespec) -> Duration {
        .seconds(Timestamp.representable(time.tv_sec)) + .nanoseconds(time.tv_nsec)
    }
}
