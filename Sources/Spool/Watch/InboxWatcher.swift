import Files

/// Finds what is in the inbox. Only scans decide that; inotify says when to look.
package struct InboxWatcher {
    package enum Finding: Equatable, Sendable {
        case picture(RelativeName, Fingerprint, Sign, owner: UInt32)
        case gone(RelativeName)
        /// An entry that is not a picture to restore, and why.
        case passedOver(RelativeName, String)
        /// A folder that cannot be read, or an entry whose status cannot be read.
        case trouble(String)
    }

    package enum Inbox: Equatable, Sendable {
        case present
        /// Another folder than before has the inbox's path.
        case replaced
        case missing(String)
    }

    /// What the events of one turn require.
    package struct Heard: Equatable, Sendable {
        package var needsScan = false
        package var hasOverflowed = false
        /// Events were lost, so that nobody knows who has closed what.
        package var hasLostTrack = false
    }

    private let files: FileSystem
    private let path: Path
    private let beat: @Sendable () -> Void
    /// The spool's mount. Pictures on another mount cannot be claimed.
    package var mount: Mount
    /// Nil if all pictures belong to this process.
    private let shard: Shard?
    /// The greatest depth below the inbox. Nobody nests folders so deeply, but a loop of mounts would.
    private static let maximumDepth = 48

    private var inotify: Inotify?
    private var watches: [Int32: [FileName]] = [:]
    private var visited: Set<Int32> = []
    private var identity: FileIdentity?
    /// Why inotify cannot be relied on; nil if it can.
    package private(set) var pollingReason: String?

    /// - Parameter beat: called for every entry that is examined.
    package init(
        inbox path: Path, mount: Mount, shard: Shard? = nil, files: FileSystem,
        beat: @escaping @Sendable () -> Void = {}
    ) {
        self.beat = beat
        self.shard = shard
        self.files = files
        self.path = path
        self.mount = mount
        do throws(FileError) {
            inotify = try Inotify(files)
        } catch {
            pollingReason = error.description
        }
    }

    /// The descriptor that becomes readable when something happened; nil if only scans find changes.
    package var descriptor: Descriptor? { inotify?.descriptor }

    /// Scans the whole inbox. It watches each folder before reading it.
    package mutating func scan(_ report: (Finding) -> Void) -> (inbox: Inbox, isComplete: Bool) {
        visited = []
        // The reason is determined again, because the limit of watches may have been raised.
        if inotify != nil { pollingReason = nil }
        var inbox = Inbox.present
        var isComplete = true
        do throws(FileError) {
            let folder = try files.openFolder(path: path)
            let found = try files.status(of: folder).identity
            if try files.mount(of: folder) == mount {
                if let identity, identity != found { inbox = .replaced }
                identity = found
                try noticeSilence(of: folder)
                isComplete = walk(folder, [], report)
            } else {
                inbox = .missing("\(path): another filesystem than the spool's is mounted there")
            }
        } catch {
            inbox = .missing(error.description)
        }
        for stale in watches.keys where !visited.contains(stale) {
            inotify?.remove(stale)
            watches[stale] = nil
        }
        return (inbox, isComplete)
    }

    private mutating func noticeSilence(of folder: Descriptor) throws(FileError) {
        guard let name = SilentFilesystems.name(ofType: try files.filesystemType(of: folder)) else { return }
        pollingReason = "the inbox is on \(name), where other machines' writes are not heard"
    }

    private mutating func arm(_ folder: Descriptor, _ names: [FileName]) {
        guard let inotify else { return }
        do throws(FileError) {
            let watch = try inotify.add(folder)
            watches[watch] = names
            visited.insert(watch)
        } catch {
            pollingReason =
                error.errno == .noSpace
                ? "\(error.summary): the limit of watches is reached; raise fs.inotify.max_user_watches"
                : error.description
        }
    }

    /// - Returns: whether the whole folder could be read.
    private mutating func walk(_ folder: Descriptor, _ names: [FileName], _ report: (Finding) -> Void) -> Bool
    {
        arm(folder, names)
        var subfolders: [FileName] = []
        var isComplete = true
        do throws(FileError) {
            try files.list(folder) { name throws(FileError) in
                if look(at: name, in: folder, names, .found, report) { subfolders.append(name) }
                return true
            }
        } catch {
            report(.trouble(error.description))
            isComplete = false
        }
        for name in subfolders {
            isComplete = enter(name, in: folder, names, report) && isComplete
        }
        return isComplete
    }

    private mutating func enter(
        _ name: FileName, in folder: Descriptor, _ names: [FileName], _ report: (Finding) -> Void
    ) -> Bool {
        guard names.count < Self.maximumDepth else {
            report(.passedOver(RelativeName(names, name), "the folder lies too deep"))
            return true
        }
        do throws(FileError) {
            let inner = try files.openFolder(name, in: folder)
            guard try files.mount(of: inner) == mount else {
                report(.passedOver(RelativeName(names, name), "the folder is on another filesystem"))
                return true
            }
            return walk(inner, names + [name], report)
        } catch {
            // A folder that was removed or replaced since it was listed needs no report.
            if [.noEntry, .notAFolder, .symbolicLink].contains(error.errno) { return true }
            report(.trouble(error.description))
            return false
        }
    }

    /// Reports an entry, and returns whether it is a folder to walk.
    private func look(
        at name: FileName, in folder: Descriptor, _ names: [FileName], _ sign: Sign,
        _ report: (Finding) -> Void
    ) -> Bool {
        beat()
        if NamePolicy.isTemporary(name) { return false }
        let relative = RelativeName(names, name)
        let status: FileStatus
        do throws(FileError) {
            guard let found = try files.status(name, in: folder) else {
                report(.gone(relative))
                return false
            }
            status = found
        } catch {
            report(.trouble(error.description))
            return false
        }
        guard relative.bytes.count <= RelativeName.maximumByteCount else {
            let bound = "\(RelativeName.maximumByteCount)"
            report(.passedOver(relative, "its path has \(relative.bytes.count) bytes, more than \(bound)"))
            return false
        }
        switch (status.kind, NamePolicy.judge(name)) {
        case (.folder, _): return true
        case (.regular, .picture):
            // Pictures of other shards need no report.
            if shard?.owns(relative) ?? true {
                report(.picture(relative, status.fingerprint, sign, owner: status.owner))
            }
        case (.regular, _): report(.passedOver(relative, "its name is not a PNG's or JPEG's"))
        default: report(.passedOver(relative, "it is a \(status.kind.rawValue)"))
        }
        return false
    }

    // MARK: Events

    /// Reads the queued inotify events and examines the entries that they name.
    package mutating func hear(_ report: (Finding) -> Void) -> Heard {
        var heard = Heard()
        let events: [Inotify.Event]
        do throws(FileError) {
            events = try inotify?.next() ?? []
        } catch {
            report(.trouble(error.description))
            (heard.needsScan, heard.hasLostTrack) = (true, true)
            return heard
        }
        guard !events.isEmpty else { return heard }
        // The root is opened only for this call, because a folder kept open does not show that it was
        // removed.
        let root = try? files.openFolder(path: path)
        var modified: Set<RelativeName> = []
        for event in events {
            if event.isOverflow {
                (heard.hasOverflowed, heard.needsScan, heard.hasLostTrack) = (true, true, true)
            } else if let names = watches[event.watch] {
                if let name = event.name, isRepeated(event, RelativeName(names, name), &modified) { continue }
                follow(event, names, root, &heard, report)
            }
        }
        return heard
    }

    /// Whether an event is one of many writes with nothing else in between: one look is enough for them.
    private func isRepeated(
        _ event: Inotify.Event, _ name: RelativeName, _ modified: inout Set<RelativeName>
    ) -> Bool {
        if event.isModification { return !modified.insert(name).inserted }
        modified.remove(name)
        return false
    }

    private mutating func follow(
        _ event: Inotify.Event, _ names: [FileName], _ root: Descriptor?, _ heard: inout Heard,
        _ report: (Finding) -> Void
    ) {
        guard let name = event.name, !event.isLoss else {
            // A watched folder was removed or moved, so the paths of its watches are no longer valid.
            heard.needsScan = true
            return
        }
        if NamePolicy.isTemporary(name) { return }
        if event.isFolder {
            followFolder(event, name, names, root, &heard, report)
        } else if event.isDeparture {
            report(.gone(RelativeName(names, name)))
        } else if let root, let folder = try? files.openFolder(names, below: root) {
            _ = look(at: name, in: folder, names, event.sign, report)
        }
    }

    private mutating func followFolder(
        _ event: Inotify.Event, _ name: FileName, _ names: [FileName], _ root: Descriptor?,
        _ heard: inout Heard, _ report: (Finding) -> Void
    ) {
        if event.isDeparture {
            heard.needsScan = true
        } else if event.isArrival, let root, let folder = try? files.openFolder(names, below: root) {
            // The folder is watched before it is read, so that no write in between is missed.
            if !enter(name, in: folder, names, report) { heard.needsScan = true }
        }
    }
}
