/// Folders with all they hold. They are walked by descriptors, one name at a time, so that no path is too long.
extension WholeFiles {
    /// Folders that lie deeper below the first are left out: each level is opened anew for each folder.
    package static let maximumDepth = 256

    /// The regular files below a folder, as paths relative to it, sorted by bytes. Hidden and temporary names
    /// are left out, links to folders are not followed (they may lead in circles).
    ///
    /// - Parameters:
    ///   - excluded: a folder that is left out with all it holds.
    ///   - isWanted: asked with the relative path of every file that is left.
    ///   - onLinkedFolder: told of links to folders.
    ///   - leavingOut: told of folders below the first that cannot be read; without it, the first of them is thrown.
    package static func regularFiles(
        below folder: Path, excluding excluded: FileIdentity? = nil,
        where isWanted: (Path) -> Bool = { _ in true }, onLinkedFolder: (Path) -> Void = { _ in },
        leavingOut: ((Path, FileError) -> Void)? = nil
    ) throws(FileError) -> [Path] {
        var found: [Path] = []
        try walk(below: folder, excluding: excluded, followingLinks: true, leavingOut: leavingOut) {
            file, status in
            if status.isFolder {
                onLinkedFolder(file)
            } else if isWanted(file) {
                found.append(file)
            }
        }
        return found.sorted()
    }

    /// Passes every regular file below a folder to `body`, with its status and in no particular order. Hidden and
    /// temporary names are left out, and links are not followed.
    ///
    /// - Parameters:
    ///   - excluded: a folder that is left out with all it holds.
    ///   - leavingOut: told of folders below the first that cannot be read.
    package static func eachRegularFile(
        below folder: Path, excluding excluded: FileIdentity? = nil, _ body: (Path, FileStatus) -> Void,
        leavingOut: @escaping (Path, FileError) -> Void
    ) throws(FileError) {
        try walk(below: folder, excluding: excluded, followingLinks: false, leavingOut: leavingOut, body)
    }

    /// - Parameter followingLinks: whether a link to a regular file counts as one, and a link to a folder is passed to
    ///   `body`, too; their status is then that of what they lead to.
    private static func walk(
        below folder: Path, excluding excluded: FileIdentity?, followingLinks: Bool,
        leavingOut: ((Path, FileError) -> Void)?, _ body: (Path, FileStatus) -> Void
    ) throws(FileError) {
        let root = try files.openFolder(path: folder)
        var waiting: [[FileName]] = [[]]
        while let names = waiting.popLast() {
            let relative = Path(bytes: Array(names.map(\.bytes).joined(separator: [Path.separator])))
            do throws(FileError) {
                guard names.count <= maximumDepth else {
                    throw FileError(.openFolder, folder.appending(relative), .nameTooLong)
                }
                let parent = try files.openFolder(names, below: root)
                try files.list(parent) { name throws(FileError) in
                    if isIgnored(Path(name)) { return true }
                    guard let status = try files.status(name, in: parent) else { return true }
                    if status.isFolder {
                        if status.identity != excluded { waiting.append(names + [name]) }
                    } else if status.isRegularFile {
                        body(relative.appending(Path(name)), status)
                    } else if followingLinks, let target = target(name, status, in: parent),
                        target.isRegularFile || target.isFolder
                    {
                        body(relative.appending(Path(name)), target)
                    }
                    return true
                }
            } catch {
                if names.isEmpty { throw error }
                // Gone, or another thing by now.
                if [.noEntry, .notAFolder, .symbolicLink].contains(error.errno) { continue }
                guard let leavingOut else { throw error }
                leavingOut(relative, error)
            }
        }
    }

    /// Opens a regular file below a folder for reading, and refuses anything else.
    ///
    /// - Parameters:
    ///   - relative: as ``regularFiles(below:excluding:where:leavingOut:)`` gives it.
    ///   - followingLink: whether a link to a regular file is opened, too.
    package static func openRegularFile(
        _ relative: Path, below folder: Path, followingLink: Bool = true
    ) throws(FileError) -> (file: Descriptor, byteCount: Int) {
        let path = folder.appending(relative)
        var names = relative.names.compactMap { FileName(bytes: $0.bytes) }
        guard let name = names.popLast() else { throw FileError(.read, path, .isAFolder) }
        let parent = try files.openFolder(names, below: files.openFolder(path: folder))
        let file = try files.openFile(name, in: parent, followingLink: followingLink)
        return (file, try files.byteCount(ofRegularFile: file, path: path))
    }

    /// What a link leads to; nil for a name of something else, and for a link that leads nowhere or in a circle.
    private static func target(
        _ name: FileName, _ status: FileStatus, in folder: Descriptor
    ) -> FileStatus? {
        guard status.kind == .symbolicLink else { return nil }
        return (try? files.status(name, in: folder, followingLink: true)) ?? nil
    }
}
