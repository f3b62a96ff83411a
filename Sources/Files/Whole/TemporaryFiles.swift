import Synchronization

/// The temporary files of this process that are neither renamed nor removed yet, for an interruption to sweep.
package enum TemporaryFiles {
    private static let open = Mutex<Set<Path>>([])

    /// Remembers the path and creates the file in one step: no sweep falls between the two.
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

    /// Removes them all and calls `exit`, while nothing can begin another one. For the handler of Ctrl-C, on a
    /// thread of its own (not in a signal's context).
    package static func sweep(thenExit exit: () -> Never) -> Never {
        open.withLock { paths in
            for path in paths {
                try? FileSystem().remove(path: path)
            }
            exit()
        }
    }
}
