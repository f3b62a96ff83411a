import Files
import FoundationEssentials
import Glibc

/// The state of a spool on the disk, whether or not a process works on it.
package struct SpoolStatus: Sendable {
    package var isRunning = false
    /// The identifier of the process that holds the lock, or of the last process that worked on the spool.
    package var pid: Int?
    /// Whether a process has that identifier. If nobody holds the lock, it is another process, or one about
    /// to end.
    package var isProcessAlive = false
    package var claimed = 0
    package var waiting = 0
    package var archived = 0
    package var failed = 0
    /// The number of pictures in the inbox; nil if there is no inbox at present.
    package var inbox: Int?
    /// The snapshot that the process wrote last, as JSON; `SpoolSnapshot` decodes it.
    package var lastSnapshot: [UInt8]?

    /// Reads the state from the disk without taking the lock or changing anything.
    ///
    /// - Throws: `FileError` if the spool's root cannot be read, or an existing inbox cannot be read.
    package static func read(_ layout: SpoolLayout) throws(FileError) -> SpoolStatus {
        let files = FileSystem()
        let root = try files.openFolder(path: layout.spool)
        var status = SpoolStatus()
        let lock = try existing { () throws(FileError) in try files.openFile(SpoolLayout.lock, in: root) }
        if let lock {
            status.isRunning = try files.isLockedExclusively(lock)
            let text = try files.read(lock, limit: 32)
            var pid = Int(String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
            if status.isRunning,
                case .process(let holder, _) = LockHolder.find(try files.status(of: lock), last: pid)
            {
                pid = holder
            }
            status.pid = pid
            status.isProcessAlive = pid.map { $0 > 0 && (kill(pid_t($0), 0) == 0 || errno == EPERM) } ?? false
        }
        status.claimed = try count(files, root, SpoolLayout.claimed)
        status.waiting = try count(files, root, SpoolLayout.waiting)
        status.archived = try count(files, root, SpoolLayout.archive)
        status.failed = try count(files, root, SpoolLayout.failed)
        let inbox = try existing { () throws(FileError) in try files.openFolder(path: layout.inbox) }
        if let inbox { status.inbox = try pictures(files, inbox, shard: layout.shard) }
        let snapshot = try existing { () throws(FileError) in
            try files.openFile(SpoolLayout.status, in: root)
        }
        if let snapshot {
            status.lastSnapshot = try files.read(snapshot, limit: 64 << 10)
        }
        return status
    }

    /// Returns the shards that have a spool within this one, sorted by number.
    ///
    /// - Throws: `FileError` if the spool's root cannot be read.
    package static func shards(_ layout: SpoolLayout) throws(FileError) -> [Shard] {
        let files = FileSystem()
        var shards: [Shard] = []
        try files.list(files.openFolder(path: layout.spool)) { name throws(FileError) in
            if let shard = ShardName(in: name), "\(shard)" == "\(name)" { shards.append(Shard(shard)) }
            return true
        }
        return shards.sorted { ($0.count, $0.index) < ($1.count, $1.index) }
    }

    /// The snapshot that the process wrote last, if it is complete.
    package var last: SpoolSnapshot? {
        lastSnapshot.flatMap { try? JSONDecoder().decode(SpoolSnapshot.self, from: Data($0)) }
    }

    /// The state as one JSON object that includes the last snapshot.
    package var json: String {
        var object = JSONObject()
        object.set("schema", "promptir-status/1")
        object.set("running", isRunning)
        object.set("pid", pid)
        object.set("pid_alive", isProcessAlive)
        // Without a running process, nobody knows whether the pause would still apply.
        object.set("paused", isRunning ? last?.pauseReason : nil)
        object.set("blocked", isRunning ? last?.blockedReason : nil)
        object.set("held", isRunning ? last?.held : nil)
        object.set("held_reason", isRunning ? last?.heldReason : nil)
        object.set("unreadable", isRunning ? last?.unreadable : nil)
        object.set("unreadable_reason", isRunning ? last?.unreadableReason : nil)
        object.set("model", last?.versions["model"])
        object.set("precision", last?.versions["precision"])
        object.set("queued", (inbox ?? 0) + waiting)
        object.set("inbox", inbox)
        object.set("claimed", claimed)
        object.set("waiting", waiting)
        object.set("archived", archived)
        object.set("failed", failed)
        // The file is not flushed when it is written, so a power loss may leave it empty.
        if let text = lastSnapshot.map({
            String(decoding: $0.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        }),
            text.hasPrefix("{"), text.hasSuffix("}")
        {
            object.setJSON("last", text)
        }
        return object.text
    }

    private static func existing<Value>(
        _ body: () throws(FileError) -> Value
    ) throws(FileError) -> Value? {
        do throws(FileError) { return try body() } catch {
            if error.errno == .noEntry { return nil }
            throw error
        }
    }

    private static func count(
        _ files: FileSystem, _ root: Descriptor, _ name: FileName
    ) throws(FileError) -> Int {
        guard let folder = try existing({ () throws(FileError) in try files.openFolder(name, in: root) })
        else {
            return 0
        }
        return try pictures(files, folder)
    }

    private static func pictures(
        _ files: FileSystem, _ folder: Descriptor, _ path: FolderPath? = nil, shard: Shard? = nil
    ) throws(FileError) -> Int {
        var count = 0
        var subfolders: [FileName] = []
        try files.list(folder) { name throws(FileError) in
            if NamePolicy.isTemporary(name) { return true }
            let kind = try files.status(name, in: folder)?.kind
            if kind == .folder { subfolders.append(name) }
            if kind == .regular, NamePolicy.judge(name) == .picture,
                shard?.owns(RelativeName(in: path, name)) ?? true
            {
                count += 1
            }
            return true
        }
        // Little deeper than pictures are taken from: each level holds a descriptor.
        guard (path?.depth ?? 0) < InboxWatcher.maximumDepth + 2 else { return count }
        for name in subfolders {
            // It may have gone since, and whoever may write into the inbox may shut a folder in it.
            if let inner = try? files.openFolder(name, in: folder) {
                count += try pictures(files, inner, FolderPath(path, name), shard: shard)
            }
        }
        return count
    }
}
