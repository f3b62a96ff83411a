import Files
import Glibc
import Synchronization

/// The spool's places on the disk and the durable moves between them. The object holds the lock as long as it
/// lives.
///
/// The workers' threads stage outputs and read pictures; methods that move pictures are called by one thread
/// at a time.
package final class SpoolDisk: Sendable {
    package let files: FileSystem
    package let options: SpoolOptions
    private struct Held {
        let root: Descriptor
        let lock: Descriptor
    }

    private let held: Mutex<Held>
    private let hasReleased = Atomic<Bool>(false)
    /// The open root folder of the spool.
    var root: Descriptor { held.withLock(\.root) }
    /// Counts temporary names over all spools of the process, so that a stopped spool and its successor share
    /// none.
    private static let number = Atomic<UInt64>(0)
    /// Whether leases show open writers. Network filesystems refuse leases for other reasons.
    let trustsLeases: Bool
    /// The prefix of this spool's temporary names, so that two spools can share an outbox.
    let stagingPrefix: [UInt8]

    /// Creates the outbox and the spool's folders if they are missing, takes the lock and checks the layout.
    ///
    /// - Throws: ``SpoolError``.
    package init(_ options: SpoolOptions, files: FileSystem = FileSystem()) throws(SpoolError) {
        self.files = files
        self.options = options
        let layout = options.layout
        let inbox = try Self.attempt("inbox", allowing: layout.inbox.folder) { () throws(FileError) in
            try files.openFolder(path: layout.inbox)
        }
        // Only the folder itself is created, not its parents, which are missing if a disk is not mounted. What would
        // stop the first picture is said now.
        try Self.attempt("outbox", allowing: layout.outbox) { () throws(FileError) in
            try files.checkWritable(files.openOrMakeFolder(path: layout.outbox))
        }
        trustsLeases = try Self.attempt("inbox") { () throws(FileError) in
            SilentFilesystems.name(ofType: try files.filesystemType(of: inbox)) == nil
        }
        let root = try Self.attempt("spool", allowing: layout.inbox.folder) { () throws(FileError) in
            // The spool is private to its user; others find results in the outbox.
            if let whole = layout.spoolOfAllShards {
                _ = try files.openOrMakeFolder(path: whole, mode: 0o700)
            }
            return try files.openOrMakeFolder(path: layout.spool, mode: 0o700)
        }
        try Self.checkOverlap(layout, files)
        try Self.attempt("spool", allowing: layout.inbox.folder) { () throws(FileError) in
            try files.checkWritable(root)
        }
        held = Mutex(Held(root: root, lock: try Self.takeLock(root, files)))
        try Self.makeFolders(root, inbox, layout, files)
        stagingPrefix = Array(
            ".promptir-\(ByteText.hexadecimal(FNV.hash((files.realPath(layout.spool) ?? layout.spool).bytes)))-"
                .utf8)
    }

    /// - Parameter folder: the folder to allow in the service's unit, if that keeps this process from writing.
    private static func attempt<Value>(
        _ what: String, allowing folder: Path? = nil, _ body: () throws(FileError) -> Value
    ) throws(SpoolError) -> Value {
        do throws(FileError) { return try body() } catch {
            if let folder, error.errno == .readOnly || error.errno.cause == .permission,
                let confinement = Confinement.of(error.path)
            {
                throw .confined(what: what, error, confinement, folder: folder)
            }
            throw .unusable(what: what, error)
        }
    }

    private static func makeFolders(
        _ root: Descriptor, _ inbox: Descriptor, _ layout: SpoolLayout, _ files: FileSystem
    ) throws(SpoolError) {
        for name in SpoolLayout.folders {
            try attempt("spool") { () throws(FileError) in try files.makeFolder(name, in: root) }
        }
        try attempt("spool") { () throws(FileError) in try files.syncFolder(root) }
        for name in [nil] + SpoolLayout.folders.map(Optional.some) {
            let isSame = try attempt("spool") { () throws(FileError) in
                let folder = if let name { try files.openFolder(name, in: root) } else { root }
                return try files.mount(of: folder) == files.mount(of: inbox)
            }
            if !isSame {
                let path = name.map { layout.spool.appending(Path($0)) } ?? layout.spool
                throw .notOnInboxFilesystem(spool: path, inbox: layout.inbox)
            }
        }
    }

    private static func takeLock(_ root: Descriptor, _ files: FileSystem) throws(SpoolError) -> Descriptor {
        let lock = try attempt("lock") { () throws(FileError) in
            try files.openOrCreateFile(SpoolLayout.lock, in: root)
        }
        // flock(2) needs only read access. Whoever could read the lock file could take the lock and block the
        // daemon.
        try? files.changeMode(of: lock, to: 0o600)
        // `--status` takes the lock for an instant, which must not keep a daemon from starting.
        var isHeld = false
        for attemptNumber in 0..<5 where !isHeld {
            if attemptNumber > 0 { usleep(20_000) }
            isHeld = try attempt("lock") { () throws(FileError) in try files.lockExclusively(lock) }
        }
        let path = root.path.appending(Path(SpoolLayout.lock))
        guard isHeld else {
            let holder = try attempt("lock") { () throws(FileError) in
                let text = try files.read(lock, limit: 32)
                let digits = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
                return LockHolder.find(try files.status(of: lock), last: Int(digits))
            }
            throw .locked(path: path, holder: holder)
        }
        try attempt("lock") { () throws(FileError) in
            try files.truncate(lock)
            try files.write(Array("\(getpid())\n".utf8), to: lock)
        }
        return lock
    }

    /// Refuses overlapping folders: the inbox's scan would find outputs or originals, or outputs would go
    /// into the inbox.
    private static func checkOverlap(_ layout: SpoolLayout, _ files: FileSystem) throws(SpoolError) {
        func real(_ path: Path) -> Path { files.realPath(path) ?? path }
        let (inbox, outbox, spool) = (real(layout.inbox), real(layout.outbox), real(layout.spool))
        for inner in [outbox, spool] {
            guard let below = inner.relative(to: inbox) else { continue }
            let isHidden = below.names.contains { $0.isHidden }
            if !isHidden { throw .overlapping(outer: inbox, inner: inner) }
        }
        for (inner, outer) in [(inbox, outbox), (inbox, spool), (outbox, spool), (spool, outbox)]
        where inner.relative(to: outer) != nil {
            throw .overlapping(outer: outer, inner: inner)
        }
    }

    /// Releases the lock, even if a worker still uses the spool.
    package func release() {
        hasReleased.store(true, ordering: .releasing)
        files.unlock(held.withLock(\.lock))
    }

    /// Whether another process may have taken over the spool.
    var isReleased: Bool { hasReleased.load(ordering: .acquiring) }

    /// Reopens the spool at its path after the filesystem of inbox and spool was unmounted and mounted again, or
    /// after its server forgot the open folders. The folders opened before are on the old mount, from which no
    /// rename reaches the inbox.
    ///
    /// - Returns: whether the mount changed. It is false as long as the spool is not on the inbox's mount.
    package func followMount() throws(SpoolError) -> Bool {
        let old = held.withLock(\.root)
        let new: Descriptor? = try Self.attempt("spool") { () throws(FileError) in
            // The watcher reports a missing folder, and the spool waits for it.
            guard let folder = try? openInbox(), let new = try? files.openFolder(path: layout.spool) else {
                return nil
            }
            // The old mount cannot be asked if its server has gone.
            let (inbox, now) = (try files.mount(of: folder), try files.mount(of: new))
            let before = try? files.mount(of: old)
            return before != inbox && now == inbox ? new : nil
        }
        guard let new else { return false }
        // If the same filesystem is back, its lock is already held and must not be released for a moment.
        let oldLock = held.withLock(\.lock)
        let isSame = try Self.attempt("lock") { () throws(FileError) in
            guard let mine = try? files.status(of: oldLock) else { return false }
            return try files.status(SpoolLayout.lock, in: new)?.identity == mine.identity
        }
        let lock = isSame ? oldLock : try Self.takeLock(new, files)
        let inbox = try Self.attempt("inbox") { () throws(FileError) in try openInbox() }
        try Self.makeFolders(new, inbox, layout, files)
        held.withLock { $0 = Held(root: new, lock: lock) }
        if !isSame { files.unlock(oldLock) }
        return true
    }

    // MARK: Folders

    var layout: SpoolLayout { options.layout }

    func openInbox() throws(FileError) -> Descriptor { try files.openFolder(path: layout.inbox) }

    func openOutbox() throws(FileError) -> Descriptor { try files.openFolder(path: layout.outbox) }

    /// Opens a folder of the spool, and creates it if it is missing.
    func makeFolder(_ top: [FileName], _ folder: [FileName] = []) throws(FileError) -> Descriptor {
        try files.makeFolders(top + folder, below: root)
    }

    func openFolder(_ top: [FileName], _ folder: [FileName] = []) throws(FileError) -> Descriptor {
        try files.openFolder(top + folder, below: root)
    }

    /// A new temporary name.
    func stagingName() -> FileName {
        let count = Self.number.add(1, ordering: .relaxed).newValue
        guard let name = FileName(bytes: stagingPrefix + Array("\(getpid())-\(count)".utf8)) else {
            preconditionFailure("a staging name is short")
        }
        return name
    }

    /// Removes the folders that became empty when a picture left.
    func prune(_ place: Place, _ folder: [FileName]) {
        var folder = folder
        while let last = folder.popLast() {
            do throws(FileError) {
                try files.removeFolder(last, in: openFolder(place.folder, folder))
            } catch {
                return
            }
        }
    }

    var pid: Int { Int(getpid()) }

    /// Replaces `status.json` atomically. Everybody may read it. It is not flushed, because it describes only
    /// the present.
    func writeStatus(_ snapshot: SpoolSnapshot) throws(FileError) {
        try replace(SpoolLayout.status, in: root, by: Array(snapshot.json.utf8)) { file throws(FileError) in
            try files.changeMode(of: file, to: 0o644)
        }
    }

    /// Writes a small file of the spool completely and durably.
    func writeDurably(_ bytes: [UInt8], to name: FileName, in folder: Descriptor) throws(FileError) {
        try replace(name, in: folder, by: bytes, finish: files.sync)
        try files.syncFolder(folder)
    }

    /// Replaces a file of the spool atomically, through `tmp/`. The error names the file itself, because the name in
    /// `tmp/` is new each time.
    func replace(
        _ name: FileName, in folder: Descriptor, by bytes: [UInt8],
        finish: (Descriptor) throws(FileError) -> Void
    ) throws(FileError) {
        let temporary = try openFolder([SpoolLayout.temporary])
        let staging = stagingName()
        do throws(FileError) {
            let file = try files.createFile(staging, in: temporary)
            try files.write(bytes, to: file)
            try finish(file)
            try files.rename(staging, in: temporary, to: name, in: folder)
        } catch {
            try? files.remove(staging, in: temporary)
            throw FileError(
                error.operation == .rename ? .replace : error.operation, folder.path.appending(Path(name)),
                error.errno)
        }
    }
}
