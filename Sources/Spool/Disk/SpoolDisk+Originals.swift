import Files

/// Archives, deletes, puts back or quarantines originals.
extension SpoolDisk {
    /// Deals with the original of a published output as the options say. A repetition is harmless.
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
            // The record is written first. Otherwise, a kill in between would let the picture be restored
            // again and again.
            try recordDone(name, fingerprint)
            // The record of the copy says that the original is done.
            if try isCopy(name, at: place) {
                try removeCopy(name, at: place)
                return
            }
            let isBack: Bool
            do throws(FileError) {
                isBack = try putBack(name, from: place)
            } catch {
                guard error.errno == .noEntry || Fault(error).scope == .item else { throw error }
                isBack = false
            }
            // The inbox has a newer picture of that name, or is missing.
            if !isBack { try moveAside(name, from: place, to: SpoolLayout.archive, at: time) }
        }
    }

    /// Gives a picture up: first the reason, then the picture, so that no picture in `failed/` lacks one.
    ///
    /// - Returns: where it lies now; nil where an earlier try had moved it, or where it was there by another link.
    @discardableResult
    package func quarantine(
        _ name: RelativeName, _ fingerprint: Fingerprint, from place: Place, _ reason: FailureReason,
        at time: Duration, versions: [String: String]
    ) throws(FileError) -> GivenUp? {
        let text = failureText(
            name, fingerprint, reason, attempts: place.attempts, time: time, versions: versions)
        let top = try moveAside(name, from: place, to: SpoolLayout.failed, at: time) {
            (folder) throws(FileError) in
            try self.writeDurably(Array(text.utf8), to: reasonName(for: name.last), in: folder)
        }
        guard let top, let changed = try? status(of: name, below: top)?.changed else { return nil }
        return GivenUp(
            name: name, top: top, attempts: place.attempts, fingerprint: fingerprint, changed: changed)
    }

    /// Moves a picture to `top/x` or, where that is taken, to `top/again-DAY/TIME-CONTENT/x`: no original is ever
    /// replaced by another, and every name stays as it was delivered. A name that comes again a million times costs
    /// each time the same.
    ///
    /// - Returns: the folder that it was moved to, without the picture's own folders; nil where nothing was moved.
    @discardableResult
    private func moveAside(
        _ name: RelativeName, from place: Place, to top: FileName, at time: Duration,
        prepare: (Descriptor) throws(FileError) -> Void = { _ in }
    ) throws(FileError) -> [FileName]? {
        let source = try openFolder(place.folder, name.folder)
        // The picture is gone because an earlier attempt moved it.
        guard let original = try files.status(name.last, in: source) else { return nil }
        var refusal = FileError(.rename, layout.spool.appending(Path(top)).appending(Path(name)), .exists)
        for variant in [[]] + againFolders(original.fingerprint, at: time) {
            let isMoved: Bool
            do throws(FileError) {
                let folder = try makeFolder([top] + variant, name.folder)
                let kept = try files.status(name.last, in: folder)
                // It is another link to the same file, whose content is kept already.
                if let kept, kept.identity != original.identity { continue }
                try prepare(folder)
                isMoved = kept == nil
                if isMoved {
                    try files.renameExclusively(name.last, in: source, to: name.last, in: folder)
                    try files.syncFolder(folder)
                } else {
                    try files.remove(name.last, in: source)
                }
                try files.syncFolder(source)
            } catch {
                // A file is where a folder is needed, or the reverse. The next variant avoids it.
                guard Fault(error).scope == .item else { throw error }
                refusal = error
                continue
            }
            prune(place, name.folder)
            return isMoved ? [top] + variant : nil
        }
        throw refusal
    }

    /// The folders for a name that exists already: the day, then the time of day with a hash of the content.
    /// The later variants are needed only if somebody else put files there.
    private func againFolders(_ fingerprint: Fingerprint, at time: Duration) -> [[FileName]] {
        let text = Timestamp.text(time).split(separator: "T")
        let content = "\(fingerprint.byteCount) \(fingerprint.modified) \(fingerprint.inode)"
        let moment = "\(text.last?.filter(\.isNumber) ?? "")-\(ByteText.hexadecimal(FNV.hash(content.utf8)))"
        return ["", "-2", "-3"].map { suffix in
            [FileName("again-\(text.first ?? "")"), FileName(moment + suffix)].compactMap(\.self)
        }
    }
}

/// The name of the JSON file beside a picture: `x.png.json`, or shortened with a hash if that is too long.
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

/// The JSON beside a quarantined picture; docs/SPOOL.md describes its fields.
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
