import Files

/// The file `suspect`: which picture is processed alone, so that a crash then counts against it and no other. It need not
/// survive a power loss, which no picture causes.
extension SpoolDisk {
    /// Notes that a picture is the only one in work. Others may still lie in `claimed/`, such as those that wait for their
    /// folder of the archive.
    func noteSuspect(_ name: RelativeName) throws(FileError) {
        try replace(SpoolLayout.suspect, in: root, by: name.bytes) { _ in }
    }

    func clearSuspect() throws(FileError) { try files.remove(SpoolLayout.suspect, in: root) }

    /// Of the pictures that were in work when a process ended, the one that must have ended it; nil where it may have been
    /// any of them.
    func culprit(among claimed: [RelativeName]) -> RelativeName? {
        if let suspect = notedSuspect(), claimed.contains(suspect) { return suspect }
        return claimed.count == 1 ? claimed.first : nil
    }

    private func notedSuspect() -> RelativeName? {
        guard let file = try? files.openFile(SpoolLayout.suspect, in: root),
            let bytes = try? files.read(file, limit: RelativeName.maximumByteCount)
        else { return nil }
        return RelativeName(bytes: bytes)
    }
}
