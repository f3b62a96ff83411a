import Synchronization

/// The temporary files of this process that are not yet renamed or removed, so that an interruption can
/// remove them.
package enum TemporaryFiles {
    private static let open = Mutex<Set<Path>>([])

    /// Remembers the path and creates the file in one step, so that no removal happens between the two.
    static func creating(
        _ path: Path, _ create: () throws(FileError) -> Descriptor
    ) throws(FileError) -> Descriptor {
        try open.withLock { paths throws(FileError) in
            let file = try create()
            paths.insert(path)
            return file
        }
    }

    static func forget(_ path: Path) {
        open.withLock { _ = $0.remove(path) }
    }

    /// Removes all of them and calls `exit`, while no other file can be created. It is meant for the handler
    /// of Ctrl-C, on a thread and not in a signal's context.
    package static func sweep(thenExit exit: () -> Never) -> Never {
        open.withLock { paths in
            for path in paths {
                try? FileSystem().remove(path: path)
            }
            exit()
        }
    }
}
