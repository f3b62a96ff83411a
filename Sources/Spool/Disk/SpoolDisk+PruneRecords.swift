import Files

/// Removes records of files that are gone.
extension SpoolDisk {
    /// Younger records are kept, because the files they describe may come back.
    private static let recordPatience = Duration.seconds(30 * 86_400)
    /// Records are checked once a day, whichever process does it.
    private static let recordInterval = Duration.seconds(86_400)

    /// Removes, once a day, old records of files that are gone: of kept or copied originals that are no longer in
    /// the inbox, and of outputs that are neither in the outbox nor due to be made again.
    ///
    /// It does nothing if a folder may be an unmounted disk's empty mount point. Without its record, an
    /// output under another source's name would be replaced by that source's output.
    ///
    /// - Parameter isAtWork: whether a picture is in the spool.
    package func pruneRecords(
        at time: Duration, isAtWork: (RelativeName) -> Bool, beat: () -> Void = {}
    ) throws(FileError) -> Int {
        let records = try openFolder([SpoolLayout.records])
        if let stamp = try files.status(SpoolLayout.recordStamp, in: records),
            (Duration.zero..<Self.recordInterval).contains(time - stamp.fingerprint.modified)
        {
            return 0
        }
        let (inbox, outbox) = (try openInbox(), try openOutbox())
        let isOurs = try files.status(of: inbox).device == files.status(of: root).device
        guard isOurs, try holdsSomething(outbox) else { return 0 }
        var names: [FileName] = []
        try files.list(records) { name throws(FileError) in
            names.append(name)
            return true
        }
        var count = 0
        for name in names {
            beat()
            guard name != SpoolLayout.recordStamp, let status = try files.status(name, in: records),
                status.kind == .regular,
                time - status.changed > Self.recordPatience,
                let record = try readRecord(name, in: records)
            else { continue }
            if isAtWork(record.source) { continue }
            if try holds(record.source, below: inbox) { continue }
            if let output = record.output, try holds(output, below: outbox) { continue }
            try files.remove(name, in: records)
            count += 1
        }
        if count > 0 { try files.syncFolder(records) }
        try files.remove(SpoolLayout.recordStamp, in: records)
        _ = try files.createFile(SpoolLayout.recordStamp, in: records)
        return count
    }

    private func holds(_ name: RelativeName, below root: Descriptor) throws(FileError) -> Bool {
        do throws(FileError) {
            return try files.status(name.last, in: files.openFolder(name.folder, below: root)) != nil
        } catch {
            if [.noEntry, .notAFolder].contains(error.errno) { return false }
            throw error
        }
    }

    private func holdsSomething(_ folder: Descriptor) throws(FileError) -> Bool {
        var isEmpty = true
        try files.list(folder) { name throws(FileError) in
            isEmpty = NamePolicy.isTemporary(name)
            return isEmpty
        }
        return !isEmpty
    }
}
