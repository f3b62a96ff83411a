import Files

/// The folders that a report reads. Nothing in them is changed.
package struct ReportFolders: Sendable {
    /// The folder of restored pictures.
    package var restored: Path
    /// A folder of originals, each of which should have a restored picture.
    package var degraded: Path?
    /// A service's inbox, whose originals stay there once they are restored; others wait.
    package var inbox: Path?
    /// Spools, with the originals in their archives and the failed pictures with their reasons.
    package var spools: [Path]
    /// A folder of clean pictures to compare with.
    package var clean: Path?

    /// - Parameter restored: the folder of restored pictures.
    package init(
        restored: Path, degraded: Path? = nil, inbox: Path? = nil, spools: [Path] = [], clean: Path? = nil
    ) {
        self.restored = restored
        self.degraded = degraded
        self.inbox = inbox
        self.spools = spools
        self.clean = clean
    }

    /// Returns a spool and the spools of shards in it.
    ///
    /// - Throws: `FileError` if there is no such folder.
    package static func spools(in root: Path) throws(FileError) -> [Path] {
        let files = FileSystem()
        let folder = try files.openFolder(path: root)
        var found: [Path] = []
        try files.list(folder) { name throws(FileError) in
            if let shard = ShardName(in: name), "\(shard)" == "\(name)",
                try files.status(name, in: folder)?.isFolder == true
            {
                found.append(root.appending(Path(name)))
            }
            return true
        }
        return [root] + found.sorted()
    }
}
