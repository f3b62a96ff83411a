import Files
import Glibc
import Synchronization

/// The spool's places on disk and the durable moves between them. Holds the lock as long as it lives.
///
/// Staging and reading are done by workers' threads; everything that moves a picture is called by one thread
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
    /// The spool's root, open.
    var root: Descriptor { held.withLock(\.root) }
    /// Counts temporary names over all spools of the process, so that a late one of a stopped spool is no other's.
    private static let number = Atomic<UInt64>(0)
    /// Network filesystems refuse leases for reasons of their own.
    let trustsLeases: Bool
    /// Begins the temporary names of this spool, so that two spools may share an outbox.
    let stagingPrefix: [UInt8]

    /// Makes the outbox and the spool's folders where they are missing, takes the lock and checks the layout.
    ///
    /// - Throws: ``SpoolError``.
    package init(_ options: SpoolOptions, files: FileSystem = FileSystem()) throws(SpoolError) {
        self.files = files
        self.options = options
        let layout = options.layout
        let inbox = try Self.attempt("inbox") { () throws(FileError) in
            try files.openFolder(path: layout.inbox)
        }
        // The folder alone, not its parents: below a disk that is not mounted there is nothing to be made.
        try Self.attempt("outbox") { () throws(FileError) in
            _ = try files.openOrMakeFolder(path: layout.outbox)
        }
        trustsLeases = try Self.attempt("inbox") { () throws(FileError) in
            SilentFilesystems.name(ofType: try files.filesystemType(of: inbox)) == nil
        }
        let root = try Self.attempt("spool") { () throws(FileError) in
            // For their owner alone: what others may have is in the outbox.
            if let whole = layout.spoolOfAllShards {
                _ = try files.openOrMakeFolder(path: whole, mode: 0o700)
            }
            return try files.openOrMakeFolder(path: layout.spool, mode: 0o700)
        }
        try Self.checkOverlap(layout, files)
        held = Mutex(Held(root: root, lock: try Self.takeLock(root, files)))
        try Self.makeFolders(root, inbox, layout, files)
        stagingPrefix = Array(
            ".promptir-\(ByteText.hexadecimal(FNV.hash((files.realPath(layout.spool) ?? layout.spool).bytes)))-"
                .utf8)
    }

    private static func attempt<Value>(
        _ what: String, _ body: () throws(FileError) -> Value
    ) throws(SpoolError) -> Value {
        do throws(FileError) { return try body() } catch { throw .unusable(what: what, error) }
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
        // flock(2) asks for no more than reading: whoever may read the lock could hold it, and keep the daemon out.
        try? files.changeMode(of: lock, to: 0o600)
        // `--status` tries the lock for an instant; that must not keep a daemon from starting.
        var isHeld = false
        for attemptNumber in 0..<5 where !isHeld {
            if attemptNumber > 0 { usleep(20_000) }
            isHeld = try attempt("lock") { () throws(FileError) in try files.lockExclusively(lock) }
        }
        let path = root.path.appending(Path(SpoolLayout.lock))
        guard isHeld else {
            let text = try attempt("lock") { () throws(FileError) in try files.read(lock, limit: 32) }
            let digits = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            throw .locked(path: path, pid: Int(digits))
        }
        try attempt("lock") { () throws(FileError) in
            try files.truncate(lock)
            try files.write(Array("\(getpid())\n".utf8), to: lock)
        }
        return lock
    }

    /// A folder visible in the inbox would be walked for pictures, and an inbox in the outbox would be written to.
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

    /// Gives the lock back, though a worker may still hold on to the spool.
    package func release() {
        hasReleased.store(true, ordering: .releasing)
        files.unlock(held.withLock(\.lock))
    }

    /// Whether the spool may be another process's by now.
    var isReleased: Bool { hasReleased.load(ordering: .acquiring) }

    /// After the filesystem of inbox and spool was unmounted and mounted again: takes hold of the spool that is at its
    /// path now, as what was opened before reaches the inbox by no rename.
    ///
    /// - Returns: whether another mount than before is in hand. False as long as the spool is not on the inbox's.
    package func followMount() throws(SpoolError) -> Bool {
        let old = held.withLock(\.root)
        let new: Descriptor? = try Self.attempt("spool") { () throws(FileError) in
            // What is missing is waited for, and the watcher says so.
            guard let folder = try? openInbox(), let new = try? files.openFolder(path: layout.spool) else {
                return nil
            }
            let inbox = try files.mount(of: folder)
            let (before, now) = (try files.mount(of: old), try files.mount(of: new))
            return before != inbox && now == inbox ? new : nil
        }
        guard let new else { return false }
        // Where the same filesystem is back, its lock is in hand already, and must not be let go of for a moment.
        let oldLock = held.withLock(\.lock)
        let isSame = try Self.attempt("lock") { () throws(FileError) in
            let (mine, found) = (try files.status(of: oldLock), try files.status(SpoolLayout.lock, in: new))
            return found?.identity == mine.identity
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

    /// A folder of the spool, made where it is missing.
    func makeFolder(_ top: [FileName], _ folder: [FileName] = []) throws(FileError) -> Descriptor {
        try files.makeFolders(top + folder, below: root)
    }

    func openFolder(_ top: [FileName], _ folder: [FileName] = []) throws(FileError) -> Descriptor {
        try files.openFolder(top + folder, below: root)
    }

    /// A fresh name for a file being written.
    func stagingName() -> FileName {
        let count = Self.number.add(1, ordering: .relaxed).newValue
        guard let name = FileName(bytes: stagingPrefix + Array("\(getpid())-\(count)".utf8)) else {
            preconditionFailure("a staging name is short")
        }
        return name
    }

    /// Removes the folders that a picture's departure left empty, as far as they are.
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

    /// Replaces `status.json` at one stroke. Readable by all; not flushed, as it speaks of the present alone.
    func writeStatus(_ snapshot: SpoolSnapshot) throws(FileError) {
        try replace(SpoolLayout.status, in: root, by: Array(snapshot.json.utf8)) { file throws(FileError) in
            try files.changeMode(of: file, to: 0o644)
        }
    }

    /// Writes a small file of the spool whole, durably.
    func writeDurably(_ bytes: [UInt8], to name: FileName, in folder: Descriptor) throws(FileError) {
        try replace(name, in: folder, by: bytes, finish: files.sync)
        try files.syncFolder(folder)
    }

    /// Gives a file of the spool new contents at one stroke, by way of `tmp/`.
    private func replace(
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
            throw error
        }
    }
}
