import Files

/// Removes the oldest archived and failed pictures and outputs. It removes only what the spool itself put there: files
/// with picture names in `archive/`, in `failed/` pictures with their JSON files, and in the outbox what bears its mark and
/// is unchanged. It follows no link and enters no other filesystem.
extension SpoolDisk {
    package struct Pruned: Equatable, Sendable {
        package var fileCount = 0
        package var byteCount = 0
        /// Older than is wanted, and kept nevertheless.
        package var heldBackCount = 0
    }

    /// By age no more than this part of a folder goes at a time, and at least one file: a clock that is wrong makes
    /// everything look old.
    private static let agedShare = 10
    /// Between two times at which files go by age, over all runs.
    private static let agedInterval = Duration.seconds(3600)

    private struct Kept {
        let folder: [FileName]
        let name: FileName
        /// The JSON file beside the picture, in `failed/`.
        let reason: FileName?
        let since: Duration
        let byteCount: Int
    }

    /// The depth of the inbox, with room for `again-…`.
    private static let maximumDepth = 50

    /// - Parameters:
    ///   - top: the folder.
    ///   - time: the current time, since 1970.
    ///   - clock: whether the time is reliable. Nothing is removed by age while the clock is unsynchronised.
    package func prune(
        _ top: Keeping, to limits: RetentionLimits, at time: Duration, by clock: ClockState = .current,
        beat: () -> Void = {}
    ) throws(FileError) -> Pruned {
        guard !limits.isOff else { return Pruned() }
        let root = if let name = top.folder { try openFolder([name]) } else { try openOutbox() }
        let shut = try [root, openInbox(), openOutbox()].map { folder throws(FileError) in
            try files.status(of: folder)
        }
        var kept: [Kept] = []
        try gather(root, [], top, shut, beat, &kept)
        kept.sort { ($0.since, $0.name) < ($1.since, $1.name) }
        var total = kept.reduce(0) { $0 + $1.byteCount }
        var pruned = Pruned()
        let isFirstOld = kept.first.map { isOld($0, limits, time) } ?? false
        var allowance = isFirstOld ? try agedAllowance(top, of: kept.count, at: time, by: clock) : 0
        for picture in kept {
            beat()
            let isOld = isOld(picture, limits, time)
            let isTooMuch = limits.byteCount.map { total > $0 } ?? false
            // The remaining pictures are younger, and they fit.
            guard isOld || isTooMuch else { break }
            if !isTooMuch {
                guard allowance > 0 else {
                    pruned.heldBackCount += 1
                    continue
                }
                allowance -= 1
            }
            try remove(picture, below: root, keepingFolders: top == .outbox)
            total -= picture.byteCount
            pruned.fileCount += 1
            pruned.byteCount += picture.byteCount
        }
        return pruned
    }

    private func isOld(_ picture: Kept, _ limits: RetentionLimits, _ time: Duration) -> Bool {
        limits.age.map { time - picture.since > $0 } ?? false
    }

    /// How many files may go by age now. Noted before they go: a process that is started again and again is not to
    /// remove as much each time.
    private func agedAllowance(
        _ top: Keeping, of count: Int, at time: Duration, by clock: ClockState
    ) throws(FileError) -> Int {
        guard clock != .unsynchronized else { return 0 }
        let records = try openFolder([SpoolLayout.records])
        if let stamp = try files.status(top.stamp, in: records),
            (Duration.zero..<Self.agedInterval).contains(time - stamp.fingerprint.modified)
        {
            return 0
        }
        try files.remove(top.stamp, in: records)
        _ = try files.createFile(top.stamp, in: records)
        return max(count / Self.agedShare, 1)
    }

    private func gather(
        _ folder: Descriptor, _ path: [FileName], _ top: Keeping, _ shut: [FileStatus], _ beat: () -> Void,
        _ kept: inout [Kept]
    ) throws(FileError) {
        var names: Set<FileName> = []
        try files.list(folder) { name throws(FileError) in
            names.insert(name)
            return true
        }
        for name in names {
            beat()
            guard let status = try files.status(name, in: folder) else { continue }
            if status.kind == .folder, path.count < Self.maximumDepth {
                // A filesystem is mounted here, or the folder is the inbox or outbox, mounted a second time.
                let isShut =
                    status.device != shut[0].device || shut.contains { $0.identity == status.identity }
                if isShut { continue }
                try gather(files.openFolder(name, in: folder), path + [name], top, shut, beat, &kept)
            } else if status.kind == .regular, NamePolicy.judge(name) == .picture {
                if top == .outbox, mark(of: name, in: folder) == nil { continue }
                let reason = top == .failed ? reasonName(for: name) : nil
                var byteCount = Int(status.fingerprint.byteCount)
                if let reason {
                    guard names.contains(reason), let beside = try files.status(reason, in: folder),
                        beside.kind == .regular
                    else { continue }
                    byteCount += Int(beside.fingerprint.byteCount)
                }
                kept.append(
                    Kept(
                        folder: path, name: name, reason: reason, since: status.changed, byteCount: byteCount)
                )
            }
        }
    }

    /// Removes the picture first, because the next start removes a JSON file without a picture. Folders of the outbox
    /// may be somebody else's.
    private func remove(
        _ picture: Kept, below root: Descriptor, keepingFolders: Bool
    ) throws(FileError) {
        var path = picture.folder
        let folder = try files.openFolder(path, below: root)
        try files.remove(picture.name, in: folder)
        if let reason = picture.reason { try files.remove(reason, in: folder) }
        if keepingFolders { return }
        while let last = path.popLast() {
            // The call fails for folders that are not empty.
            guard let parent = try? files.openFolder(path, below: root),
                (try? files.removeFolder(last, in: parent)) != nil
            else { return }
        }
    }
}

/// The folders whose size the operator may limit.
package enum Keeping: String, Sendable, CaseIterable {
    case archive
    case failed
    case outbox

    /// The folder in the spool; nil for the outbox.
    var folder: FileName? {
        switch self {
        case .archive: SpoolLayout.archive
        case .failed: SpoolLayout.failed
        case .outbox: nil
        }
    }

    /// In `records/`: its time says when files last went by age.
    var stamp: FileName {
        switch self {
        case .archive: FileName(literal: ".aged-archive")
        case .failed: FileName(literal: ".aged-failed")
        case .outbox: FileName(literal: ".aged-outbox")
        }
    }
}
