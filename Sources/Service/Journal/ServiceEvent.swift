import Logging

/// The events that an operator may search for or alert on. A log line carries one as metadata under
/// `ServiceEvent.metadataKey`; in the journal it becomes a stable `MESSAGE_ID`, so that
/// `journalctl MESSAGE_ID=…` finds it whatever its wording is.
public enum ServiceEvent: String, Sendable, CaseIterable {
    /// The process began; its configuration is valid.
    case started
    /// Model loaded, self-test passed, first scan done.
    case ready
    case reloaded
    /// A reload was refused; the old configuration stays.
    case reloadRefused = "reload-refused"
    case stopping
    case stopped
    /// A restored picture stands in the outbox.
    case restored
    /// An attempt failed and will be made again.
    case retried
    /// A picture was given up and lies in the failed folder with its reason.
    case quarantined
    /// The kernel dropped inotify events; the inbox was scanned anew.
    case overflow
    /// The intake rests because of the environment (a full disk, a folder without permission).
    case paused
    case resumed
    case inboxLost = "inbox-lost"
    case inboxReturned = "inbox-returned"
    /// Work of an earlier, killed run was taken up.
    case recovered
    /// pred.npz and submission.zip were written.
    case bundled
    /// The watchdog's ping was withheld.
    case stalled

    /// The metadata key that carries an event's raw value.
    public static let metadataKey = "event"

    /// What `MESSAGE_ID` holds. Never change one: people's alerts name them.
    public var messageID: String {
        switch self {
        case .started: "6540d437c0d442b89dbd6a09cb114657"
        case .ready: "89fd8670f6f04534a29a7694035229fc"
        case .reloaded: "d93e5282fd1e4f51a37db78fa2fa92c2"
        case .reloadRefused: "72f85c0d3f2f462e924b942760b8cbb8"
        case .stopping: "cef758c92d4e4291938a501b6e20bed3"
        case .stopped: "8012492dd7984353b4f783707ab162b8"
        case .restored: "34a20b6e5b734bde8ef0cc1e78908d74"
        case .retried: "70cd32d656f84113871148eab8e34bbe"
        case .quarantined: "1ab15a47de2b44a19fc4c0cc40783312"
        case .overflow: "81ff77e973004e9f81aa67cb3f2d5917"
        case .paused: "640f74cc9d1b4277a85fd4ce165f7740"
        case .resumed: "f10af07f9f644754bb65687efb66e8e0"
        case .inboxLost: "7eba9cff48a043e1b8ace9c2a94f74fa"
        case .inboxReturned: "db3102967bb6482ea16a96ab7b589d16"
        case .recovered: "a64b361b739c4349b83827ccf7024b15"
        case .bundled: "e78449c3f62d47358b8c916889a97e43"
        case .stalled: "884bf47ba9cc4599a8cfa49e2320d6f6"
        }
    }
}

extension Logger {
    /// Logs `message` as `event`, with `fields` beside it.
    public func event(
        _ event: ServiceEvent, level: Logger.Level = .info, _ message: Logger.Message,
        _ fields: Logger.Metadata = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        var metadata = fields
        metadata[ServiceEvent.metadataKey] = .string(event.rawValue)
        log(level: level, message, metadata: metadata, file: file, function: function, line: line)
    }
}
