import Logging

/// The events that an operator may search for or alert on. A log line carries one as metadata under
/// `ServiceEvent.metadataKey`; in the journal it becomes a stable `MESSAGE_ID`, so that
/// `journalctl MESSAGE_ID=…` finds it whatever its wording is. The spool's own names are among them.
package enum ServiceEvent: String, Sendable, CaseIterable {
    // MARK: The process

    /// The process began; its configuration is valid.
    case serviceStarted = "service-started"
    /// Model loaded, self-test passed, first scan done.
    case serviceReady = "service-ready"
    case serviceReloaded = "service-reloaded"
    /// A configuration was at fault; the old one stays.
    case serviceReloadRefused = "service-reload-refused"
    case serviceStopping = "service-stopping"
    case serviceStopped = "service-stopped"
    /// The process ends by a fault.
    case serviceFailed = "service-failed"
    /// The watchdog's ping was withheld.
    case serviceStalled = "service-stalled"
    /// pred.npz and submission.zip were written.
    case bundleWritten = "bundle-written"
    case bundleFailed = "bundle-failed"
    case metricsFailed = "metrics-failed"

    // MARK: The spool

    case spoolOpened = "spool-opened"
    /// Work of an earlier, killed run was taken up.
    case spoolRecovered = "spool-recovered"
    /// Files that a killed run was writing were removed.
    case spoolSwept = "spool-swept"
    /// The queue has drained.
    case spoolIdle = "spool-idle"
    case spoolStopped = "spool-stopped"
    /// Old originals or records were removed.
    case spoolPruned = "spool-pruned"
    case spoolPruneFailed = "spool-prune-failed"
    case statusWriteFailed = "status-write-failed"

    // MARK: A picture

    case pictureClaimed = "picture-claimed"
    /// A restored picture stands in the outbox.
    case pictureRestored = "picture-restored"
    /// An attempt failed and will be made again.
    case pictureRetried = "picture-retried"
    /// An attempt was cut short and does not count.
    case pictureReturned = "picture-returned"
    /// The file ends too early; its writer may not be done.
    case pictureIncomplete = "picture-incomplete"
    /// Given up; it lies in the failed folder with its reason.
    case pictureQuarantined = "picture-quarantined"
    case pictureVanished = "picture-vanished"
    /// It cannot be taken and stays in the inbox.
    case pictureRefused = "picture-refused"
    /// No picture; it stays in the inbox.
    case entryPassedOver = "entry-passed-over"

    // MARK: The intake

    /// It rests because of the environment: a full disk, a folder without permission.
    case intakePaused = "intake-paused"
    case intakeResumed = "intake-resumed"
    /// One folder refuses what the disk takes: its pictures wait, the others go on.
    case folderBlocked = "folder-blocked"
    case folderUnblocked = "folder-unblocked"
    /// The kernel dropped inotify events; the inbox is scanned anew.
    case watchOverflowed = "watch-overflowed"
    /// inotify is silent here; the inbox is scanned often instead.
    case watchPolling = "watch-polling"
    case inboxLost = "inbox-lost"
    case inboxFound = "inbox-found"
    case inboxScanFailed = "inbox-scan-failed"

    /// The metadata key that carries an event's raw value.
    package static let metadataKey = "event"

    /// What `MESSAGE_ID` holds. Never change one: people's alerts name them.
    package var messageID: String {
        switch self {
        case .serviceStarted: "6540d437c0d442b89dbd6a09cb114657"
        case .serviceReady: "89fd8670f6f04534a29a7694035229fc"
        case .serviceReloaded: "d93e5282fd1e4f51a37db78fa2fa92c2"
        case .serviceReloadRefused: "72f85c0d3f2f462e924b942760b8cbb8"
        case .serviceStopping: "cef758c92d4e4291938a501b6e20bed3"
        case .serviceStopped: "8012492dd7984353b4f783707ab162b8"
        case .serviceFailed: "3eaa8643ba1745b6b39c0d9c4ba66e34"
        case .serviceStalled: "884bf47ba9cc4599a8cfa49e2320d6f6"
        case .bundleWritten: "e78449c3f62d47358b8c916889a97e43"
        case .bundleFailed: "165a8f023d1f45208c2d49f3338feaeb"
        case .metricsFailed: "c29a26c49d764ceb9c203b5d6efacd5b"
        case .spoolOpened: "2099fb0c60254d878d71ae8b22ea30d8"
        case .spoolRecovered: "a64b361b739c4349b83827ccf7024b15"
        case .spoolSwept: "a3d9f61cf6e7429dad8e13e6dc1ddc97"
        case .spoolIdle: "e915fa12e3724dedb6461216761877bc"
        case .spoolStopped: "b31aca0c19af4ece95fc0f48fdb618cf"
        case .spoolPruned: "41052586995a45e59557b83bbee587c3"
        case .spoolPruneFailed: "f1def8140215421daaf5d307656c1122"
        case .statusWriteFailed: "ee328d66f723468fa4da722bd7895a3d"
        case .pictureClaimed: "ae0b7015b71543b686181e3bc8d63366"
        case .pictureRestored: "34a20b6e5b734bde8ef0cc1e78908d74"
        case .pictureRetried: "70cd32d656f84113871148eab8e34bbe"
        case .pictureReturned: "078c3962f5a94755b83fe004b53e0626"
        case .pictureIncomplete: "9f4ed6ec97f843aaa856e41f2252f736"
        case .pictureQuarantined: "1ab15a47de2b44a19fc4c0cc40783312"
        case .pictureVanished: "2670590c7a90474ca34a6b7fd69658ad"
        case .pictureRefused: "046d26be534d48c5989ece9f0262e9c6"
        case .entryPassedOver: "07df5ebff1374cffa0a5c2e49bca129d"
        case .intakePaused: "640f74cc9d1b4277a85fd4ce165f7740"
        case .intakeResumed: "f10af07f9f644754bb65687efb66e8e0"
        case .folderBlocked: "d71d9c7ebeaa479e8c2343371263d892"
        case .folderUnblocked: "05ae1eddf1db4a53a3851852ecdbe848"
        case .watchOverflowed: "81ff77e973004e9f81aa67cb3f2d5917"
        case .watchPolling: "ba2e040c38da4f1882b842359b8166d4"
        case .inboxLost: "7eba9cff48a043e1b8ace9c2a94f74fa"
        case .inboxFound: "db3102967bb6482ea16a96ab7b589d16"
        case .inboxScanFailed: "d0bfe213f8f84fa1804dac9184a1b080"
        }
    }
}

extension Logger {
    /// Logs `message` as `event`, with `fields` beside it.
    package func event(
        _ event: ServiceEvent, level: Logger.Level = .info, _ message: Logger.Message,
        _ fields: Logger.Metadata = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        var metadata = fields
        metadata[ServiceEvent.metadataKey] = .string(event.rawValue)
        log(level: level, message, metadata: metadata, file: file, function: function, line: line)
    }
}
