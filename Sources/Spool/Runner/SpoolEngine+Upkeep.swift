import Files

/// Keeps the spool from growing without limit.
extension SpoolEngine {
    static let upkeepInterval = Duration.seconds(600)

    /// Removes what exceeds the operator's limits, and records of files that are gone. A failure here delays
    /// no picture.
    func upkeep() {
        upkeptAt = clock().monotonic
        let now = clock().wall
        let state = disk.options.clockState()
        for (keeping, limits) in [
            (Keeping.archive, disk.options.archiveLimits), (.failed, disk.options.failedLimits),
            (.outbox, disk.options.outboxLimits),
        ] {
            report(keeping.rawValue) { () throws(FileError) in
                try disk.prune(keeping, to: limits, at: now, by: state, beat: beat)
            }
        }
        let machine = machine
        report("records") { () throws(FileError) in
            SpoolDisk.Pruned(
                fileCount: try disk.pruneRecords(at: now, isAtWork: machine.hasJob, beat: beat), byteCount: 0)
        }
    }

    private func report(_ folder: String, _ body: () throws(FileError) -> SpoolDisk.Pruned) {
        do throws(FileError) {
            let pruned = try body()
            if pruned.heldBackCount > 0 { reportHeldBack(folder, pruned.heldBackCount) }
            guard pruned.fileCount > 0 else { return }
            logger.event(
                .pruned, "removed what was kept long enough",
                ["folder": "\(folder)", "files": "\(pruned.fileCount)", "bytes": "\(pruned.byteCount)"])
        } catch {
            guard isNews(error.description) else { return }
            logger.event(
                .pruneFailed, level: .warning, "old files cannot be removed",
                ["folder": "\(folder)", "reason": "\(error)"])
        }
    }

    /// Once a day, as long as it lasts.
    private func reportHeldBack(_ folder: String, _ count: Int) {
        guard isNews("held back in \(folder)") else { return }
        let reason =
            disk.options.clockState() == .unsynchronized
            ? "the clock is not synchronised, and may be wrong"
            : "a tenth of the folder goes by age in an hour"
        logger.event(
            .pruneHeldBack, level: .notice, "files beyond the limits stay for now",
            ["folder": "\(folder)", "files": "\(count)", "reason": "\(reason)"])
    }
}
