/// Filesystems on which other machines write without an inotify event, by their number in statfs(2).
///
/// Overlay is not among them, because inotify reports changes through the merged folder.
package enum SilentFilesystems {
    private static let names: [UInt32: String] = [
        0x6969: "nfs", 0x517B: "smb", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb2", 0x6573_5546: "fuse",
        0x0102_1997: "9p", 0x5346_414F: "afs", 0x6B41_4653: "afs", 0x00C3_6400: "ceph", 0x7375_7245: "coda",
        0x0BD0_0BD0: "lustre", 0x4750_4653: "gpfs", 0x0116_1970: "gfs2", 0x7461_636F: "ocfs2",
        0x786F_4256: "vboxsf", 0xBACB_ACBC: "vmhgfs",
    ]

    /// The filesystem's name, or nil if inotify can be relied on.
    package static func name(ofType type: Int) -> String? {
        names[UInt32(truncatingIfNeeded: type)]
    }
}
