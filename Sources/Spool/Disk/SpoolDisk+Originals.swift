import Files

/// What becomes of an original: archived, deleted, put back, or given up.
extension SpoolDisk {
    /// Deals with the original of a published output as the options say. Repeating it is harmless.
    package func settleOriginal(
        _ name: RelativeName, _ fingerprint: Fingerprint, from place: Place, at time: Duration
    ) throws(FileError) {
        switch options.originals {
        case .archive: try moveAside(name, from: place, to: SpoolLayout.archive, at: time)
        case .delete:
            let source = try openFolder(place.folder, name.folder)
            try files.remove(name.last, in: source)
            try files.syncFolder(source)
            prune(place, name.folder)
        case .keep:
            // The record comes first, or a kill between would have the picture restored for ever.
            try recordDone(name, fingerprint)
            let isBack: Bool
            do throws(FileError) {
                isBack = try putBack(name, from: place)
            } catch {
                guard error.errno == .noEntry || Fault(error).scope == .item else { throw error }
                isBack = false
            }
            // Its place in the inbox is taken or gone.
            if !isBack { try moveAside(name, from: place, to: SpoolLayout.archive, at: time) }
        }
    }

    /// Gives a picture up: first the reason, then the picture, so that no picture in `failed/` lacks one.
    package func quarantine(
        _ name: RelativeName, _ fingerprint: Fingerprint, from place: Place, _ reason: FailureReason,
        at time: Duration, versions: [String: String]
    ) throws(FileError) {
        let text = failureText(
            name, fingerprint, reason, attempts: place.attempts, time: time, versions: versions)
        try moveAside(name, from: place, to: SpoolLayout.failed, at: time) { folder throws(FileError) in
            try self.writeDurably(Array(text.utf8), to: reasonName(for: name.last), in: folder)
        }
    }

    /// Moves a picture to `top/x` or, where that is taken, to `top/again-DAY/TIME-CONTENT/x`: no original is ever
    /// replaced by another, and every name stays as it was delivered. A name that comes again a million times costs
    /// each time the same.
    private func moveAside(
        _ name: RelativeName, from place: Place, to top: FileName, at time: Duration,
        prepare: (Descriptor) throws(FileError) -> Void = { _ in }
    ) throws(FileError) {
        let source = try openFolder(place.folder, name.folder)
        // Gone already: an earlier try got as far as that.
        guard let original = try files.status(name.last, in: source) else { return }
        var refusal = FileError(.rename, layout.spool.appending(Path(top)).appending(Path(name)), .exists)
        for variant in [[]] + againFolders(original.fingerprint, at: time) {
            do throws(FileError) {
                let folder = try makeFolder([top] + variant, name.folder)
                let kept = try files.status(name.last, in: folder)
                // Another link to the same file: its content is kept already.
                if let kept, kept.identity != original.identity { continue }
                try prepare(folder)
                if kept == nil {
                    try files.renameExclusively(name.last, in: source, to: name.last, in: folder)
                    try files.syncFolder(folder)
                } else {
                    try files.remove(name.last, in: source)
                }
                try files.syncFolder(source)
            } catch {
                // A file where a folder is needed, or the other way round: the next variant has room.
                guard Fault(error).scope == .item else { throw error }
                refusal = error
                continue
            }
            prune(place, name.folder)
            return
        }
        throw refusal
    }

    /// Where a name goes that is taken: by day, then by the time of day and what tells this content from another.
    /// The later ones are for what somebody put there by hand.
    private func againFolders(_ fingerprint: Fingerprint, at time: Duration) -> [[FileName]] {
        let text = Timestamp.text(time).split(separator: "T")
        let content = "\(fingerprint.byteCount) \(fingerprint.modified) \(fingerprint.inode)"
        let moment = "\(text.last?.filter(\.isNumber) ?? "")-\(ByteText.hexadecimal(FNV.hash(content.utf8)))"
        return ["", "-2", "-3"].map { suffix in
            [FileName("again-\(text.first ?? "")"), FileName(moment + suffix)].compactMap(\.self)
        }
    }
}

/// The name of the reason beside a picture: `x.png.json`, shortened with a hash where that is too long.
package func reasonName(for name: FileName) -> FileName {
    let ending = Array(".json".utf8)
    if let plain = FileName(bytes: name.bytes + ending) { return plain }
    let mark = Array("~\(ByteText.hexadecimal(FNV.hash(name.bytes)))".utf8)
    let room = FileName.maximumByteCount - mark.count - ending.count
    guard let short = FileName(bytes: ByteText.prefix(name.bytes, atMost: room) + mark + ending) else {
        preconditionFailure("a shortened name is short")
    }
    return short
}

/// The JSON beside a picture that was given up; docs/SPOOL.md has its fields.
private func failureText(
    _ name: RelativeName, _ fingerprint: Fingerprint, _ reason: FailureReason, attempts: Int, time: Duration,
    versions: [String: String]
) -> String {
    var object = JSONObject()
    object.set("schema", "promptir-failure/1")
    object.set("file", name.text)
    if String(validating: name.bytes, as: UTF8.self) == nil {
        object.set("file_hex", ByteText.hexadecimal(name.bytes))
    }
    object.set("code", reason.code)
    object.set("message", reason.message)
    object.set("attempts", attempts)
    object.set("byte_count", Int(fingerprint.byteCount))
    object.set("modified", Timestamp.text(fingerprint.modified))
    object.set("time", Timestamp.text(time))
    object.set("versions", versions)
    return object.text + "\n"
}
