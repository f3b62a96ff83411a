import Files

/// An output that waits in the outbox under a temporary name, whole and durable.
package struct StagedOutput: Equatable, Sendable {
    /// In the outbox, until it is published.
    let temporaryName: FileName
    /// What it may be called, best first.
    let names: [FileName]
    package let byteCount: Int
    /// What the log says of it beside the picture's name.
    let logFields: [String: String]

    package init(
        temporaryName: FileName, names: [FileName], byteCount: Int, logFields: [String: String] = [:]
    ) {
        self.temporaryName = temporaryName
        self.names = names
        self.byteCount = byteCount
        self.logFields = logFields
    }
}

/// A restored picture's output in the outbox under its name, durably.
package struct PublishedOutput: Sendable {
    package let source: RelativeName
    package let output: RelativeName
    package let inputByteCount: Int
    package let outputByteCount: Int
    /// When the picture was claimed, on the spool's monotonic clock.
    let claimedAt: Duration
    let logFields: [String: String]
}

extension SpoolDisk {
    /// Writes an output under a temporary name in the outbox. Any thread may.
    package func stage(
        _ bytes: [UInt8], names: [FileName], logFields: [String: String] = [:]
    ) throws(FileError) -> StagedOutput {
        let outbox = try openOutbox()
        let name = stagingName()
        do throws(FileError) {
            let file = try files.createFile(name, in: outbox)
            try files.write(bytes, to: file)
            try files.sync(file)
        } catch {
            try? files.remove(name, in: outbox)
            throw error
        }
        return StagedOutput(
            temporaryName: name, names: names, byteCount: bytes.count, logFields: logFields)
    }

    /// Throws a staged output away; what cannot be removed is swept at the next start.
    package func discard(_ staged: StagedOutput) {
        if let outbox = try? openOutbox() { try? files.remove(staged.temporaryName, in: outbox) }
    }

    /// Throws away what an outcome that counts no more has staged.
    package func discard(_ outcome: Outcome) {
        if case .restored(let output) = outcome { discard(output) }
    }

    /// Gives a staged output its name, never one that belongs to another source.
    package func publish(_ staged: StagedOutput, of source: RelativeName) throws(FileError) -> RelativeName {
        let outbox = try openOutbox()
        let folder = try files.makeFolders(source.folder, below: outbox)
        for output in outputNames(for: source, names: staged.names) {
            guard try isFree(output, in: folder, for: source) else { continue }
            // The record comes first: with it and without the output, the name is free for anybody.
            try own(output, by: source)
            try files.rename(staged.temporaryName, in: outbox, to: output.last, in: folder)
            try files.syncFolder(folder)
            if !source.folder.isEmpty { try files.syncFolder(outbox) }
            return output
        }
        throw FileError(.rename, layout.outbox.appending(Path(source)), .exists)
    }

    /// Whether a source may write an output's name: nothing is there, or its own earlier output.
    private func isFree(
        _ output: RelativeName, in folder: Descriptor, for source: RelativeName
    ) throws(FileError) -> Bool {
        guard let status = try files.status(output.last, in: folder) else { return true }
        guard status.kind == .regular else { return false }
        return try owner(of: output) == source
    }

    /// What keeps a folder of the outbox, or what there is of it, from taking outputs; nil where nothing is seen.
    package func trouble(inOutputFolder names: [FileName]) -> FileError? {
        do throws(FileError) {
            let outbox = try openOutbox()
            var folder = outbox
            for name in names {
                guard let status = try files.status(name, in: folder) else { break }
                guard status.kind != .symbolicLink else {
                    throw FileError(.openFolder, folder.path.appending(Path(name)), .symbolicLink)
                }
                folder = try files.openFolder(name, in: folder)
                guard status.device == (try files.status(of: outbox)).device else {
                    throw FileError(.rename, folder.path, .crossDevice)
                }
            }
            try files.checkWritable(folder)
            return nil
        } catch {
            return error
        }
    }

    /// Tries what a pause waits for: that the outbox takes as many bytes as it did not take, and that the
    /// spool takes a name.
    package func probe(byteCount: Int) -> String? {
        do throws(FileError) {
            discard(try stage([UInt8](repeating: 0, count: max(byteCount, 4096)), names: []))
            let temporary = try openFolder([SpoolLayout.temporary])
            let name = stagingName()
            let file = try files.createFile(name, in: temporary)
            defer { try? files.remove(name, in: temporary) }
            try files.write([UInt8](repeating: 0, count: 4096), to: file)
            try files.sync(file)
            for name in SpoolLayout.folders { try files.checkWritable(openFolder([name])) }
            return nil
        } catch {
            return error.description
        }
    }
}
