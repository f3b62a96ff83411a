import Files
import Foundation
import TestSupport
import Testing

/// The mounts are those of a service under systemd 252 with `ProtectSystem=strict` and `ProtectHome=yes`.
@Suite struct ConfinementTests {
    private static let mounts = """
        64 49 0:43 / / ro,relatime shared:15 master:1 - ext4 /dev/vda1 rw,errors=remount-ro
        88 64 0:51 / /run ro,nosuid,nodev,relatime shared:25 master:10 - tmpfs tmpfs rw,mode=755
        92 64 0:51 /systemd/inaccessible/dir /home ro,nosuid,nodev,noexec,relatime shared:31 - tmpfs tmpfs rw,mode=755
        97 64 0:43 /var/lib/p /var/lib/p rw,relatime shared:34 master:1 - ext4 /dev/vda1 rw
        98 64 0:60 / /mnt/read\\040only ro,relatime - iso9660 /dev/sr0 ro
        99 64 0:61 / /mnt/disk ro,relatime - ext4 /dev/vdb rw
        100 99 0:62 / /mnt/disk rw,relatime - ext4 /dev/vdc rw
        """

    @Test(arguments: [
        ("/nowhere/out", Confinement.readOnly), ("/home/alice/out", .hidden), ("/homestead", .readOnly),
        ("/home", .hidden), ("/var/lib/p/outbox", nil), ("/var/lib/p/", nil), ("/var/lib/px", .readOnly),
        // The disk itself is read-only, which may change.
        ("/mnt/read only/out", nil),
        // A second mount covers the first.
        ("/mnt/disk/out", nil),
    ])
    func itIsKnownByTheMounts(path: String, expected: Confinement?) throws {
        let folder = try TemporaryFolder("promptir-confinement")
        try FileManager.default.createDirectory(
            atPath: folder.path("proc/self"), withIntermediateDirectories: true)
        _ = try folder.write(Array(Self.mounts.utf8), to: "proc/self/mountinfo")
        #expect(Confinement.of(Path(path), root: Path(folder.path(""))) == expected)
    }

    @Test func nothingIsKnownWithoutTheMounts() throws {
        let folder = try TemporaryFolder("promptir-confinement")
        #expect(Confinement.of("/home/alice", root: Path(folder.path(""))) == nil)
    }

    @Test func theAdviceNamesTheDropIn() {
        let readOnly = Confinement.readOnly.advice(allowing: "/srv/out")
        #expect(
            readOnly.contains("`systemctl edit promptir-restored`")
                && readOnly.contains("ReadWritePaths=/srv/out"))
        #expect(
            Confinement.hidden.advice(allowing: "/home/a").contains(
                "ProtectHome=no and ReadWritePaths=/home/a"))
    }
}
