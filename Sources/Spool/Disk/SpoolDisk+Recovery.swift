import Files

/// Recovers the spool's state from the disk alone.
extension SpoolDisk {
    package struct Recovered: Sendable {
        package let name: RelativeName
        package let attempts: Int
        package let fingerprint: Fingerprint
        /// Whether it may have ended a process, and must be tried alone.
        package let isSuspect: Bool
    }

    /// Moves every picture in the spool that `isKnown` does not know to `waiting/`, and returns these
    /// pictures.
    ///
    /// A picture in `claimed/n` was being worked on when a process ended. Its attempt counts if no other was; where
    /// there were several, nobody knows which ended the process, and no attempt counts. They, and all that wait with
    /// them, are suspects.
    package func recover(except isKnown: (RelativeName) -> Bool, at time: Duration) throws(FileError)
        -> [Recovered]
    {
        let claimed = try pictures(in: SpoolLayout.claimed, Place.claimed).filter { !isKnown($0.1) }
        let culprit = culprit(among: claimed.map(\.1))
        for (place, name, fingerprint) in claimed {
            let attempts = name == culprit ? place.attempts : max(place.attempts - 1, 0)
            do throws(FileError) {
                try move(name, from: place, to: .waiting(attempts))
            } catch {
                guard Fault(error).scope == .item else { throw error }
                try giveUpTwin(name, fingerprint, place, time)
            }
        }
        var recovered: [RelativeName: Recovered] = [:]
        for (place, name, fingerprint) in try pictures(in: SpoolLayout.waiting, Place.waiting)
        where !isKnown(name) {
            if recovered[name] != nil {
                try giveUpTwin(name, fingerprint, place, time)
            } else {
                recovered[name] = Recovered(
                    name: name, attempts: place.attempts, fingerprint: fingerprint,
                    isSuspect: !claimed.isEmpty || place.attempts > 0)
            }
        }
        return recovered.values.sorted { $0.name < $1.name }
    }

    /// Whether a picture is at a place; true if that cannot be determined.
    package func holds(_ name: RelativeName, at place: Place) -> Bool {
        do throws(FileError) {
            return try files.status(name.last, in: openFolder(place.folder, name.folder)) != nil
        } catch {
            return error.errno != .noEntry
        }
    }

    /// Quarantines a picture whose name is in the spool twice. Only somebody who moved files can cause that.
    private func giveUpTwin(
        _ name: RelativeName, _ fingerprint: Fingerprint, _ place: Place, _ time: Duration
    ) throws(FileError) {
        let reason = FailureReason(code: "conflict", message: "another picture of this name is in the spool")
        try quarantine(name, fingerprint, from: place, reason, at: time, versions: options.versions)
    }

    /// Every regular file in `claimed/` or `waiting/`, with its place.
    private func pictures(
        in top: FileName, _ place: (Int) -> Place
    ) throws(FileError) -> [(Place, RelativeName, Fingerprint)] {
        let folder = try openFolder([top])
        var found: [(Place, RelativeName, Fingerprint)] = []
        for number in try names(in: folder) {
            guard let attempts = Int(String(decoding: number.bytes, as: UTF8.self)), attempts >= 0,
                let status = try files.status(number, in: folder), status.kind == .folder
            else { continue }
            try walk(files.openFolder(number, in: folder), []) { name, status in
                found.append((place(attempts), name, status.fingerprint))
            }
        }
        return found.sorted { ($0.0.attempts, $0.1) < ($1.0.attempts, $1.1) }
    }

    /// Visits the regular files below a folder, and removes empty folders.
    private func walk(
        _ folder: Descriptor, _ path: [FileName], _ body: (RelativeName, FileStatus) -> Void
    ) throws(FileError) {
        for name in try names(in: folder) {
            guard let status = try files.status(name, in: folder) else { continue }
            switch status.kind {
            case .regular: body(RelativeName(path, name), status)
            case .folder:
                try walk(files.openFolder(name, in: folder), path + [name], body)
                try? files.removeFolder(name, in: folder)
            default: break
            }
        }
    }

    private func names(in folder: Descriptor) throws(FileError) -> [FileName] {
        var names: [FileName] = []
        try files.list(folder) { name throws(FileError) in
            names.append(name)
            return true
        }
        return names.sorted()
    }

    /// Removes what ended processes were writing: staged outputs, files in `tmp/`, and JSON files in
    /// `failed/` without their pictures. It runs only at the start, when the lock guarantees that nobody is
    /// writing.
    ///
    /// - Returns: the number of files removed.
    package func sweep() throws(FileError) -> Int {
        let outbox = try openOutbox()
        let staged = try names(in: outbox).filter { $0.bytes.starts(with: stagingPrefix) }
        for name in staged { try files.remove(name, in: outbox) }
        let temporary = try openFolder([SpoolLayout.temporary])
        let unfinished = try names(in: temporary)
        for name in unfinished { try files.remove(name, in: temporary) }
        return try staged.count + unfinished.count + sweepReasons(openFolder([SpoolLayout.failed]))
    }

    private func sweepReasons(_ folder: Descriptor) throws(FileError) -> Int {
        let names = try names(in: folder)
        var reasons: Set<FileName> = []
        var expected: Set<FileName> = []
        var count = 0
        for name in names {
            guard let status = try files.status(name, in: folder) else { continue }
            if status.kind == .folder {
                count += try sweepReasons(files.openFolder(name, in: folder))
            } else if name.bytes.suffix(5).elementsEqual(".json".utf8) {
                reasons.insert(name)
            } else {
                expected.insert(reasonName(for: name))
            }
        }
        let orphans = reasons.subtracting(expected)
        for name in orphans { try files.remove(name, in: folder) }
        return count + orphans.count
    }
}
