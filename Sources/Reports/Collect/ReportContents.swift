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

    /// Sorted by name.
    let items: [Item]
    /// Sorted by name.
    let failures: [FailedPicture]
    /// The number of older pictures that are left out, and of failures.
    let leftOutCount: Int
    let failuresLeftOutCount: Int

    /// - Parameters:
    ///   - maximumCount: of both restored and failed pictures only so many are shown, the latest.
    ///   - isWanted: called with a restored picture's path relative to the folder.
    /// - Throws: `FileError` if a folder that was named cannot be read.
    init(
        _ folders: ReportFolders, limits: PictureLimits, maximumCount: Int, where isWanted: (Path) -> Bool
    ) throws(FileError) {
        let all = try FoundPicture.all(below: folders.restored, excluding: folders.degraded)
            .filter { isWanted($0.file) }
        let restored = Self.latest(maximumCount, of: all)
        leftOutCount = all.count - restored.count

        var originals = Originals()
        var failed: [FoundPicture] = []
        for spool in folders.spools {
            originals.add(try Self.picturesIfPresent(below: spool.appending("archive")))
            failed += try Self.picturesIfPresent(below: spool.appending("failed"))
        }
        if let inbox = folders.inbox { originals.add(try Self.picturesIfPresent(below: inbox)) }
        var missing: [FoundPicture] = []
        if let degraded = folders.degraded {
            let pictures = try FoundPicture.all(below: degraded, excluding: folders.restored)
            originals.add(pictures)
            let taken = Set(all.compactMap { originals.original(of: $0.file)?.path })
            missing = pictures.filter { !taken.contains($0.path) }
        }
        var clean = Originals()
        if let folder = folders.clean { clean.add(try FoundPicture.all(below: folder)) }

        items = restored.map {
            Item(
                restored: $0, original: originals.original(of: $0.file), clean: clean.original(of: $0.file))
        }
        .sorted { $0.restored.file < $1.restored.file }
        let shownFailed = Self.latest(maximumCount, of: failed)
        let shownMissing = missing.sorted { $0.file < $1.file }.prefix(maximumCount - shownFailed.count)
        failuresLeftOutCount = failed.count + missing.count - shownFailed.count - shownMissing.count
        failures =
            (shownFailed.map { FailedPicture($0) }
            + shownMissing.map { FailedPicture(notRestored: $0, limits: limits) })
            .sorted { $0.name < $1.name }
    }

    /// The pictures that came to their folder last.
    private static func latest(_ count: Int, of pictures: [FoundPicture]) -> ArraySlice<FoundPicture> {
        pictures.sorted { ($1.status.changed, $0.file) < ($0.status.changed, $1.file) }.prefix(count)
    }

    private static func picturesIfPresent(below folder: Path) throws(FileError) -> [FoundPicture] {
        do throws(FileError) {
            return try FoundPicture.all(below: folder)
        } catch {
            if error.errno == .noEntry { return [] }
            throw error
        }
    }
}
