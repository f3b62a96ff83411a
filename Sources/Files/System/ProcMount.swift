/// The filesystem /proc, from which Swift's runtime reads the program's arguments: without it they look empty.
package enum ProcMount {
    /// What to say where /proc is missing or hidden; nil where it is there.
    package static var problem: String? { problem(root: "/") }

    /// - Parameter root: for tests.
    package static func problem(root: Path) -> String? {
        let path = root.appending("proc/self/cmdline")
        do throws(FileError) {
            if try WholeFiles.status(path) != nil { return nil }
        } catch {}
        return
            "cannot read \(path): expected the filesystem /proc, found none; the program reads its arguments and its "
            + "limits there: mount it (mount -t proc proc /proc), also in a chroot or a container"
    }
}
