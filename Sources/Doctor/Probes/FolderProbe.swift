import Files
import Glibc
import Spool

/// Tries the service's folders with this process's effective identity. It creates hidden files of no length, which the
/// service ignores, and removes them.
struct FolderProbe {
    private static let watchLimit: Path = "/proc/sys/fs/inotify/max_user_watches"

    let files = FileSystem()

    /// - Parameter isMade: whether the service creates the folder where only its last part is missing.
    func state(_ path: Path, isMade: Bool) -> FolderCheck.State {
        let folder: Descriptor
        do throws(FileError) {
            folder = try files.openFolder(path: path)
        } catch {
            switch error.errno {
            case .noEntry where isMade: return stateOfParent(path.folder)
            case .noEntry: return .missing(parent: nil)
            case .notAFolder: return .notAFolder
            default: return .closed(error.errno)
            }
        }
        do throws(FileError) {
            try files.list(folder) { _ throws(FileError) in false }
            try tryToWrite(folder)
            return .usable
        } catch {
            return error.operation == .list ? .closed(error.errno) : .unwritable(error.errno)
        }
    }

    private func stateOfParent(_ parent: Path) -> FolderCheck.State {
        do throws(FileError) {
            try files.checkWritable(files.openFolder(path: parent))
            return .willBeMade
        } catch {
            return .missing(parent: error.errno)
        }
    }

    /// Permissions alone would not tell of quotas and mandatory access control.
    private func tryToWrite(_ folder: Descriptor) throws(FileError) {
        guard let name = FileName(".promptir-doctor-\(getpid())") else { return }
        _ = try files.createFile(name, in: folder)
        try files.remove(name, in: folder)
    }

    /// Whether both are on one mount; for a folder that does not exist yet, its parent counts. Nil if one cannot be opened.
    func isSameMount(_ first: Path, _ second: Path) -> Bool? {
        guard let first = openNearest(first), let second = openNearest(second) else { return nil }
        guard let one = try? files.mount(of: first), let other = try? files.mount(of: second) else {
            return nil
        }
        return one == other
    }

    func space(_ path: Path) -> DiskSpace? {
        openNearest(path).flatMap { try? files.space(of: $0) }
    }

    private func openNearest(_ path: Path) -> Descriptor? {
        (try? files.openFolder(path: path)) ?? (try? files.openFolder(path: path.folder))
    }

    /// What is known about events in the inbox; nil if it cannot be opened.
    func watch(_ inbox: Path) -> WatchCheck? {
        guard let folder = try? files.openFolder(path: inbox),
            let type = try? files.filesystemType(of: folder)
        else { return nil }
        var refusal: Errno?
        do throws(FileError) { _ = try Inotify(files) } catch { refusal = error.errno }
        // Settings of the kernel must be read in one piece.
        let limit = (try? files.readPiece(files.openFile(path: Self.watchLimit), limit: 64)).flatMap {
            Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber))
        }
        return WatchCheck(
            silentFilesystem: SilentFilesystems.name(ofType: type), refusal: refusal,
            folderCount: folderCount(folder, depth: 0), watchLimit: limit)
    }

    /// Counts folders as deep as the service watches them.
    private func folderCount(_ folder: Descriptor, depth: Int) -> Int {
        guard depth < InboxWatcher.maximumDepth else { return 1 }
        var inner: [FileName] = []
        try? files.list(folder) { name throws(FileError) in
            if !NamePolicy.isTemporary(name), try files.status(name, in: folder)?.isFolder == true {
                inner.append(name)
            }
            return true
        }
        return inner.reduce(1) { count, name in
            count + ((try? files.openFolder(name, in: folder)).map { folderCount($0, depth: depth + 1) } ?? 0)
        }
    }
}
