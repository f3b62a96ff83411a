import Files
import Images

/// Why there is no report.
package enum ReportError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPictures(Path)

    package var description: String {
        switch self {
        case .noPictures(let folder): "\(folder): there are no pictures to show"
        }
    }
}

/// Writes a page that shows restored pictures beside their originals, as one HTML file that needs nothing else.
///
/// The page is written from front to back with one picture in memory at a time. What was measured of pictures that have
/// not changed since is taken from the page that it replaces.
package struct Report: Sendable {
    /// The most pictures on a page unless another number is given.
    package static let defaultMaximumCount = 1000

    package let folders: ReportFolders
    package var limits: PictureLimits
    /// The latest restored pictures that are shown, and the latest failed ones.
    package var maximumCount: Int

    package init(
        _ folders: ReportFolders, limits: PictureLimits = PictureLimits(),
        maximumCount: Int = Self.defaultMaximumCount
    ) {
        self.folders = folders
        self.limits = limits
        self.maximumCount = maximumCount
    }

    /// What was written.
    package struct Summary: Sendable, Equatable {
        package var pictureCount = 0
        package var failedCount = 0
        /// Restored pictures that are not shown, because there are more than the maximum.
        package var leftOutCount = 0
        /// Pictures whose figures and previews the former page had.
        package var reusedCount = 0
    }

    /// Runs its body while so many bytes of memory are reserved; returns false if they never can be.
    package typealias Reservation = @Sendable (_ byteCount: Int, _ body: () throws -> Void) throws -> Bool

    /// Writes the page and replaces an existing one when the new one is complete.
    ///
    /// - Parameters:
    ///   - isDurable: false for a page that a power loss may destroy; then nothing waits for the disk.
    ///   - coreCount: so many pictures are decoded at a time.
    ///   - isWanted: called with a restored picture's path relative to the folder.
    ///   - seconds: what restoring a picture took, by its path relative to the folder; nil if it is not known.
    ///   - onPicture: called before each picture with the number done and the number of all; what it throws ends the
    ///     writing.
    /// - Throws: `FileError` if a folder cannot be read or the page cannot be written, or `ReportError`.
    package func write(
        to path: Path, isDurable: Bool = true, coreCount: Int = 1,
        where isWanted: (Path) -> Bool = { _ in true },
        seconds: (Path) -> Double? = { _ in nil },
        onPicture: (_ done: Int, _ all: Int) throws -> Void = { _, _ in },
        reserving: @escaping Reservation = { _, body in
            try body()
            return true
        }
    ) throws -> Summary {
        let contents = try ReportContents(
            folders, limits: limits, maximumCount: maximumCount, where: isWanted)
        guard !contents.items.isEmpty || !contents.failures.isEmpty else {
            throw ReportError.noPictures(folders.restored)
        }
        let source = MeasurementSource(
            former: FormerPage(path), size: PreviewSize(pictureCount: contents.items.count), limits: limits,
            reserving: reserving)
        let page = try AtomicFile(path)
        let writer = page.writer
        let overviewOffset = try Self.write(ReportPage.top(folder: folders.restored), to: writer)
        try writer.write([UInt8](repeating: UInt8(ascii: " "), count: Overview.maximumByteCount))
        try Self.write(ReportPage.listStart, to: writer)

        var overview = Overview(contents)
        var summary = Summary(leftOutCount: contents.leftOutCount)
        let items = contents.items
        for start in stride(from: 0, to: items.count, by: coreCount) {
            let batch = items[start..<min(start + coreCount, items.count)]
            for index in batch.indices { try onPicture(index, items.count) }
            for (item, found) in zip(batch, source.measure(Array(batch))) {
                if found.isReused { summary.reusedCount += 1 }
                let line = PictureLine(
                    item, key: found.key, measurement: found.measurement,
                    seconds: seconds(item.restored.file) ?? found.seconds)
                overview.add(line)
                try Self.write(line.html, to: writer)
            }
        }
        for failure in contents.failures { try Self.write(FailureLine(failure).html, to: writer) }
        try Self.write(ReportPage.listEnd + overview.charts + ReportPage.bottom, to: writer)
        let bytes = Array(overview.html.utf8.prefix(Overview.maximumByteCount))
        try writer.overwrite(bytes, at: overviewOffset)
        try writer.flush()
        try page.commit(isDurable: isDurable)
        summary.pictureCount = items.count
        summary.failedCount = contents.failures.count
        return summary
    }

    /// - Returns: the offset after the text.
    @discardableResult
    private static func write(_ text: String, to writer: FileWriter) throws(FileError) -> Int {
        try writer.write(Array(text.utf8))
        return writer.byteCount
    }
}
