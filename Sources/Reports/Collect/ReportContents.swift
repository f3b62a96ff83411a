import Files
import Images

/// What a report will show, found before anything is decoded.
struct ReportContents {
    /// A restored picture with what belongs to it.
    struct Item: Sendable {
        let restored: FoundPicture
        let original: FoundPicture?
        let clean: FoundPicture?
    }

    /// So many originals without a restored picture are read whole for a reason. Where more are missing, a run was
    /// probably ended early, and reading all would take long.
    private static let decodedCount = 50

    /// Sorted by name.
    let items: [Item]
    /// Sorted by name.
    let failures: [FailedPicture]
    /// The number of older pictures that are left out, and of failures.
    let leftOutCount: Int
    let failuresLeftOutCount: Int
    /// The number of folders that cannot be read, whose pictures are missing.
    let unreadableFolderCount: Int

    /// - Parameters:
    ///   - maximumCount: of both restored and failed pictures only so many are shown, the latest.
    ///   - isWanted: called with a restored picture's path relative to the folder.
    /// - Throws: `FileError` if a folder that was named cannot be read.
    init(
        _ folders: ReportFolders, limits: PictureLimits, maximumCount: Int, where isWanted: (Path) -> Bool
    ) throws(FileError) {
        var latest = LatestPictures(maximumCount)
        // All are kept in mind only where it is asked which originals lack one.
        var all: [FoundPicture] = []
        var unreadableCount = try FoundPicture.each(below: folders.restored, excluding: folders.degraded) {
            picture in
            guard isWanted(picture.file) else { return }
            latest.add(picture)
            if folders.degraded != nil { all.append(picture) }
        }
        let restored = latest.pictures
        leftOutCount = latest.totalCount - restored.count

        var originals = Originals(of: folders.degraded == nil ? restored : all)
        var failed = LatestPictures(maximumCount)
        for spool in folders.spools {
            unreadableCount += try FoundPicture.eachIfPresent(below: spool.appending("archive")) {
                originals.add($0)
            }
            unreadableCount += try FoundPicture.eachIfPresent(below: spool.appending("failed")) {
                failed.add($0)
            }
        }
        if let inbox = folders.inbox {
            unreadableCount += try FoundPicture.eachIfPresent(below: inbox) { originals.add($0) }
        }
        var degraded: [FoundPicture] = []
        if let folder = folders.degraded {
            unreadableCount += try FoundPicture.each(below: folder, excluding: folders.restored) { picture in
                degraded.append(picture)
                originals.add(picture)
            }
        }
        originals.finish()
        var clean = Originals(of: restored)
        if let folder = folders.clean {
            unreadableCount += try FoundPicture.each(below: folder) { clean.add($0) }
        }
        clean.finish()
        unreadableFolderCount = unreadableCount

        items = restored.map {
            Item(
                restored: $0, original: originals.original(of: $0.file), clean: clean.original(of: $0.file))
        }
        .sorted { $0.restored.file < $1.restored.file }
        let taken = Set(all.compactMap { originals.original(of: $0.file)?.path })
        let missing = degraded.filter { !taken.contains($0.path) }.sorted { $0.file < $1.file }
        let shownFailed = failed.pictures
        let shownMissing = missing.prefix(maximumCount - shownFailed.count)
        failuresLeftOutCount = failed.totalCount + missing.count - shownFailed.count - shownMissing.count
        var failures = shownFailed.map { FailedPicture($0) }
        for (index, picture) in shownMissing.enumerated() {
            failures.append(
                FailedPicture(notRestored: picture, limits: limits, decodes: index < Self.decodedCount))
        }
        self.failures = failures.sorted { $0.name < $1.name }
    }
}
