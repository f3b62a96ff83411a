import Files

/// Whether inotify tells of new pictures, or only scans find them.
package struct WatchCheck: Sendable {
    /// The filesystem's name if other machines write on it without an event.
    package var silentFilesystem: String?
    /// Why the service's user gets no inotify queue.
    package var refusal: Errno?
    /// The folders in the inbox, itself included.
    package var folderCount: Int
    /// The kernel's limit for each user; nil if it cannot be read.
    package var watchLimit: Int?

    package init(silentFilesystem: String?, refusal: Errno?, folderCount: Int, watchLimit: Int?) {
        self.silentFilesystem = silentFilesystem
        self.refusal = refusal
        self.folderCount = folderCount
        self.watchLimit = watchLimit
    }

    package var finding: Finding {
        let polling = "the inbox is scanned every 2 s instead"
        if let silentFilesystem {
            return .warning(
                "events",
                "the inbox is on \(silentFilesystem), where other machines write without an event: \(polling)",
                advice: "nothing, if some seconds do not matter; a local inbox costs less")
        }
        if let refusal {
            return .warning(
                "events", "inotify is refused: \(refusal); \(polling)",
                advice: "sysctl fs.inotify.max_user_instances=1024, and in a file of /etc/sysctl.d")
        }
        let folders = folderCount == 1 ? "1 folder" : "\(folderCount) folders"
        if let watchLimit, folderCount > watchLimit {
            return .warning(
                "events", "\(folders) in the inbox, and a user may watch \(watchLimit): \(polling)",
                advice:
                    "sysctl fs.inotify.max_user_watches=\(folderCount * 2), and in a file of /etc/sysctl.d")
        }
        return .ok(
            "events",
            "by inotify; \(folders) in the inbox"
                + (watchLimit.map { ", and a user may watch \($0)" } ?? ""))
    }
}
