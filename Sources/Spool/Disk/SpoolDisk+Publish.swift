import Files

/// A complete, durable output that is still under a temporary name in the outbox.
package struct StagedOutput: Equatable, Sendable {
    /// The name in the outbox until publication.
    let temporaryName: FileName
    /// The names that the output may have, best first.
    let names: [FileName]
    package let byteCount: Int
    /// The number of the user whose picture was restored; nil if it is not known.
    let sourceOwner: UInt32?
    /// Additional fields for the log.
    let logFields: [String: String]

    package init(
        temporaryName: FileName, names: [FileName], byteCount: Int, sourceOwner: UInt32? = nil,
        logFields: [String: String] = [:]
    ) {
        self.temporaryName = temporaryName
        self.names = names
        self.byteCount = byteCount
        self.sourceOwner = sourceOwner
        self.logFields = logFields
    }
}

/// A restored picture's output, durably stored in the outbox under its final name.
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
    /// Writes an output under a temporary name in the outbox. Any thread may call this method.
    package func stage(
        _ bytes: [UInt8], names: [FileName], sourceOwner: UInt32? = nil, logFields: [String: String] = [:]
    ) throws(FileError) -> StagedOutput {
        let outbox = try openOutbox()
        let name = stagingName()
        do throws(FileError) {
            let file = try files.createFile(name, in: outbox)
            try files.write(bytes, to: file)
            if let sourceOwner { mark(file, sourceOwner: sourceOwner) }
            try files.sync(file)
        } catch {
            try? files.remove(name, in: outbox)
            throw error
        }
        return StagedOutput(
            temporaryName: name, names: names, byteCount: bytes.count, sourceOwner: sourceOwner,
            logFields: logFields)
    }

    /// Discards a staged output. If it cannot be removed, the next start removes it.
    package func discard(_ staged: StagedOutput) {
        if let outbox = try? openOutbox() { try? files.remove(staged.temporaryName, in: outbox) }
    }

    /// Discards what was staged for an outcome that is ignored.
    package func discard(_ outcome: Outcome) {
        if case .restored(let output) = outcome { discard(output) }
    }

    /// Renames a staged output to its final name, never to one that belongs to another source.
    package func publish(_ staged: StagedOutput, of source: RelativeName) throws(FileError) -> RelativeName {
        let outbox = try openOutbox()
        let folder = try files.makeFolders(source.folder, below: outbox)
        for wanted in outputNames(for: source, names: staged.names) {
            guard let output = try free(wanted, in: folder, for: source, of: staged.sourceOwner) else {
                continue
            }
            // The record is written first. If the output then does not appear, any source may use the name.
            try own(output, by: source)
            try files.rename(staged.temporaryName, in: outbox, to: output.last, in: folder)
            try files.syncFolder(folder)
            if !source.folder.isEmpty { try files.syncFolder(outbox) }
            return output
        }
        throw FileError(.rename, layout.outbox.appending(Path(source)), .exists)
    }

    /// Returns a name that a source may write: the wanted one or, where that has an output of another user's picture, one
    /// with the owner's number; nil if it may write neither.
    private func free(
        _ wanted: RelativeName, in folder: Descriptor, for source: RelativeName, of sourceOwner: UInt32?
    ) throws(FileError) -> RelativeName? {
        guard try isFree(wanted, in: folder, for: source) else { return nil }
        guard let sourceOwner, let mark = mark(of: wanted.last, in: folder), mark.sourceOwner != sourceOwner
        else { return wanted }
        let own = outputName(wanted, ofOwner: sourceOwner)
        return try isFree(own, in: folder, for: source) ? own : nil
    }

    /// Whether a source may write an output's name: it is unused, or has the source's own earlier output.
    private func isFree(
        _ output: RelativeName, in folder: Descriptor, for source: RelativeName
    ) throws(FileError) -> Bool {
        guard let status = try files.status(output.last, in: folder) else { return true }
        guard status.kind == .regular else { return false }
        return try owner(of: output) == source
    }

    /// What keeps a folder of the outbox from accepting outputs; nil if no problem is found.
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

    /// Tests whether a pause may end: the outbox must accept as many bytes as it refused, and the spool a new
    /// name. Returns the problem, or nil.
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
