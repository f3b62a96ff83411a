import Files

/// Finds what is in the inbox. Only scans decide that; inotify says when to look.
package struct InboxWatcher: Sendable {
    private let files: FileSystem
    private let path: Path
    /// Called with every entry that is looked at; false ends the scan early.
    private let beat: @Sendable () -> Bool
    /// The spool's mount. Pictures on another mount cannot be claimed.
    var mount: Mount
    /// Nil if all pictures belong to this process.
    private let shard: Shard?
    /// The greatest depth below the inbox. Nobody nests folders so deeply, but a loop of mounts would.
    package static let maximumDepth = 48
    /// Events are taken in between during a scan, so that a long one does not hold up what arrives meanwhile.
    private static let hearingInterval = Duration.milliseconds(200)

    private var inotify: Inotify?
    /// A watched folder; nil for the inbox itself.
    private struct Watched {
        let place: FolderPath?
    }

    private var watches: [Int32: Watched] = [:]
    private var visited: Set<Int32> = []
    private var identity: FileIdentity?
    /// Why inotify cannot be relied on; nil if it can.
    package private(set) var pollingReason: String?
    /// What was heard during a scan and asks for another.
    private var heardMeanwhile = Heard()
    private var heardAt = ContinuousClock.now
    private var isHearing = false

    package init(
        inbox path: Path, mount: Mount, shard: Shard? = nil, files: FileSystem,
        beat: @escaping @Sendable () -> Bool
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
    var descriptor: Descriptor? { inotify?.descriptor }

    /// Reads the whole inbox, and arms a watch on each folder before reading it.
    ///
    /// - Returns: what became of the inbox, whether all of it was read, and what was heard meanwhile.
    package mutating func scan(
        _ report: (Finding) -> Void
    ) -> (inbox: Inbox, isComplete: Bool, heard: Heard) {
        visited = []
        heardMeanwhile = Heard()
        heardAt = .now
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
                isComplete = walk(folder, nil, report)
            } else {
                inbox = .missing("\(path): another filesystem than the spool's is mounted there")
            }
        } catch {
            inbox = .missing(error.description)
        }
        // Collected first: changing the dictionary while walking it would copy it.
        for stale in watches.keys.filter({ !visited.contains($0) }) {
            inotify?.remove(stale)
            watches[stale] = nil
        }
        visited = []
        return (inbox, isComplete, heardMeanwhile)
    }

    private mutating func noticeSilence(of folder: Descriptor) throws(FileError) {
        guard let name = SilentFilesystems.name(ofType: try files.filesystemType(of: folder)) else { return }
        pollingReason = "the inbox is on \(name), where writes by other machines cause no events"
    }

    private mutating func arm(_ folder: Descriptor, _ place: FolderPath?) {
        guard let inotify else { return }
        do throws(FileError) {
            let watch = try inotify.add(folder)
            watches[watch] = Watched(place: place)
            visited.insert(watch)
        } catch {
            pollingReason =
                error.errno == .noSpace
                ? "\(error.summary): the limit of watches is reached; raise fs.inotify.max_user_watches"
                : error.description
        }
    }

    /// - Returns: whether the whole folder could be read.
    private mutating func walk(
        _ folder: Descriptor, _ place: FolderPath?, _ report: (Finding) -> Void
    ) -> Bool {
        arm(folder, place)
        hearMeanwhile(report)
        var subfolders: [FileName] = []
        var isComplete = true
        do throws(FileError) {
            try files.list(folder) { name throws(FileError) in
                guard beat() else {
                    isComplete = false
                    return false
                }
                switch look(at: name, in: folder, place, .found, report) {
                case true?: subfolders.append(name)
                case false?: break
                case nil: isComplete = false
                }
                return true
            }
        } catch {
            report(.trouble(place.map { RelativeName(in: $0.parent, $0.name) }, error))
            isComplete = false
        }
        for name in subfolders where beat() {
            isComplete = enter(name, in: folder, place, report) && isComplete
        }
        return isComplete
    }

    private mutating func enter(
        _ name: FileName, in folder: Descriptor, _ place: FolderPath?, _ report: (Finding) -> Void
    ) -> Bool {
        let relative = RelativeName(in: place, name)
        guard (place?.depth ?? 0) < Self.maximumDepth, relative.byteCount < RelativeName.maximumByteCount
        else {
            report(.passedOver(relative, "the folder lies too deep"))
            return true
        }
        do throws(FileError) {
            let inner = try files.openFolder(name, in: folder)
            guard try files.mount(of: inner) == mount else {
                report(.passedOver(relative, "the folder is on another filesystem"))
                return true
            }
            return walk(inner, FolderPath(place, name), report)
        } catch {
            // A folder that was removed or replaced since it was listed needs no report.
            if [.noEntry, .notAFolder, .symbolicLink].contains(error.errno) { return true }
            report(.trouble(relative, error))
            return false
        }
    }

    /// Reports an entry, and returns whether it is a folder to walk; nil if its status cannot be read.
    private func look(
        at name: FileName, in folder: Descriptor, _ place: FolderPath?, _ sign: Sign,
        _ report: (Finding) -> Void
    ) -> Bool? {
        if NamePolicy.isTemporary(name) { return false }
        let relative = RelativeName(in: place, name)
        let status: FileStatus
        do throws(FileError) {
            guard let found = try files.status(name, in: folder) else {
                report(.gone(relative))
                return false
            }
            status = found
        } catch {
            report(.trouble(relative, error))
            return nil
        }
        switch (status.kind, NamePolicy.judge(name)) {
        case (.folder, _): return true
        case _ where relative.byteCount > RelativeName.maximumByteCount:
            report(.passedOver(relative, "its path has more than \(RelativeName.maximumByteCount) bytes"))
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

    /// Takes events in during a scan, now and then.
    private mutating func hearMeanwhile(_ report: (Finding) -> Void) {
        guard !isHearing, .now - heardAt >= Self.hearingInterval else { return }
        isHearing = true
        heardMeanwhile.add(hear(report))
        heardAt = .now
        isHearing = false
    }

    /// Reads the queued inotify events and examines the entries that they name.
    package mutating func hear(_ report: (Finding) -> Void) -> Heard {
        var heard = Heard()
        let events: [Inotify.Event]
        do throws(FileError) {
            events = try inotify?.next() ?? []
        } catch {
            report(.trouble(nil, error))
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
            } else if let watched = watches[event.watch] {
                _ = beat()
                let name = event.name.map { RelativeName(in: watched.place, $0) }
                if let name, isRepeated(event, name, &modified) { continue }
                follow(event, watched.place, root, &heard, report)
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
        _ event: Inotify.Event, _ place: FolderPath?, _ root: Descriptor?, _ heard: inout Heard,
        _ report: (Finding) -> Void
    ) {
        guard let name = event.name, !event.isLoss else {
            // A watched folder was removed or moved, so the paths of its watches are no longer valid.
            heard.needsScan = true
            return
        }
        if NamePolicy.isTemporary(name) { return }
        if event.isFolder {
            followFolder(event, name, place, root, &heard, report)
        } else if event.isDeparture {
            report(.gone(RelativeName(in: place, name)))
        } else if let root, let folder = try? files.openFolder(place?.names ?? [], below: root) {
            _ = look(at: name, in: folder, place, event.sign, report)
        }
    }

    private mutating func followFolder(
        _ event: Inotify.Event, _ name: FileName, _ place: FolderPath?, _ root: Descriptor?,
        _ heard: inout Heard, _ report: (Finding) -> Void
    ) {
        if event.isDeparture {
            heard.needsScan = true
        } else if event.isArrival, let root,
            let folder = try? files.openFolder(place?.names ?? [], below: root)
        {
            // The folder is watched before it is read, so that no write in between is missed.
            if !enter(name, in: folder, place, report) { heard.needsScan = true }
        }
    }
}
